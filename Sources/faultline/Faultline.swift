import ArgumentParser
import Reports

@main
struct Faultline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faultline",
        abstract:
            "Breaks the network between ingestion workers and their stores, and proves that the stores stay consistent.",
        discussion: """
            Examples:
              faultline demo                                         see a fault survived, and one that is not
              faultline run faults/s3/missing-content-type.yaml      run one experiment
              faultline run faults --format json                     run them all, for a machine

            Exit codes: 0 held, 1 violated, 2 inconclusive, 64 bad usage or configuration, 70 a fault of faultline's own.
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, JudgeCommand.self, DemoCommand.self, SelftestCommand.self,
            PlanCommand.self, DoctorCommand.self, InitCommand.self,
            ProxyCommand.self, LinksCommand.self, InjectCommand.self, HealCommand.self, WatchCommand.self,
            FaultsCommand.self, DefectsCommand.self,
            StackCommand.self, WorkerCommand.self, StandInCommand.self, CeilingCommand.self,
        ])
}

import ArgumentParser

@main
struct Faultline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faultline",
        abstract:
            "Breaks the network between ingestion workers and their stores, and proves that the stores stay consistent.",
        subcommands: [StackCommand.self, StandInCommand.self])
}

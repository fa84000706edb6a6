import ArgumentParser
import Stack

/// Servers that faultline plays itself; `stack up` starts them.
struct StandInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stand-in", abstract: "Serves a stand-in for a service.", shouldDisplay: false,
        subcommands: [OpenAI.self])

    struct OpenAI: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "openai", abstract: "Serves a stand-in for the OpenAI API on loopback.")

        @Option(help: "The port to listen on.")
        var port: Int

        func run() async throws {
            try await OpenAIStandIn.run(port: port)
        }
    }
}

/// What drives the documents: our own worker, or a program of the user's.
package enum PipelineSpec: Hashable, Sendable {
    /// The worker that is built in.
    case reference
    /// One process a submission.
    case command(CommandSpec)
}

/// A program that is run once for each submission, without a shell.
package struct CommandSpec: Hashable, Sendable {
    /// `{document}`, `{key}`, `{bucket}`, `{kind}` and `{submission}` are filled in, anywhere in a word.
    package var words: [String]
    /// Added to the environment; `{link.NAME}`, `{link.NAME.host}` and `{link.NAME.port}` are filled in.
    package var environment: [String: String]
    /// Where it runs: the folder of the system file.
    package var folder: String
    /// A process that takes longer is stopped, and its result is unknown.
    package var timeout: Duration
    /// Exit codes by which it says that it failed and that all is undone.
    package var rolledBackCodes: Set<Int32>

    package static let timeoutDefault = Duration.seconds(120)
    package static let rolledBackDefault: Set<Int32> = [75]

    package init(
        words: [String], environment: [String: String] = [:], folder: String = ".",
        timeout: Duration = CommandSpec.timeoutDefault,
        rolledBackCodes: Set<Int32> = CommandSpec.rolledBackDefault
    ) {
        self.words = words
        self.environment = environment
        self.folder = folder
        self.timeout = timeout
        self.rolledBackCodes = rolledBackCodes
    }
}

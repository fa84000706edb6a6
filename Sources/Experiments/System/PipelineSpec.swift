package import Consistency
import Stores

/// What drives the documents: our own worker, or a pipeline of the user's.
package enum PipelineSpec: Hashable, Sendable {
    /// The worker that is built in.
    case reference
    /// One process a submission.
    case command(CommandSpec)
    /// A service that is asked over HTTP.
    case http(HTTPSpec)
    /// Workflows on Temporal.
    case temporal(TemporalSpec)

    /// The kinds of submission that it knows.
    package var kinds: Set<Submission.Kind> {
        switch self {
        case .reference, .command: Set(Submission.Kind.allCases)
        case .http(let http): Set(http.courses.keys)
        case .temporal(let temporal): Set(temporal.courses.keys)
        }
    }

    /// The stores know documents by an id that the pipeline returns: without it nobody finds what is there.
    package var makesIDs: Bool {
        switch self {
        case .reference, .command: false
        case .http(let http): http.courses.values.contains { $0.result.id != nil }
        case .temporal(let temporal): temporal.courses.values.contains { $0.result.id != nil }
        }
    }

    /// Where it is by itself is a service of the native stack.
    var usesNativeStack: Bool {
        if case .temporal(let temporal) = self { temporal.address == NativeAddress.word } else { false }
    }

    /// The same with the native stack's addresses filled in.
    func resolved(_ stack: Endpoints?) -> PipelineSpec {
        guard case .temporal(var temporal) = self, let address = stack?.temporal else { return self }
        if temporal.address == NativeAddress.word { temporal.address = address }
        if temporal.address == address { temporal.webUI = temporal.webUI ?? stack?.temporalUI }
        return .temporal(temporal)
    }

    /// Lanes that can be told apart: a pipeline with one set of workers for all documents has one road to each service.
    /// - Parameter wanted: submissions under way at a time.
    package func lanes(_ wanted: Int) -> Int {
        switch self {
        case .reference, .command: wanted
        case .http(let http): http.isPerLane ? wanted : 1
        case .temporal(let temporal): temporal.isPerLane ? wanted : 1
        }
    }
}

/// A program that is run once for each submission, without a shell.
package struct CommandSpec: Hashable, Sendable {
    /// What `SubmissionWord` names is filled in, anywhere in a word.
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

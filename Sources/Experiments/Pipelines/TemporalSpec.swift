package import Consistency
package import Temporal

/// Workflows on a Temporal server, one a submission, whoever's workers carry them out.
package struct TemporalSpec: Hashable, Sendable {
    /// How a workflow ends other than by completing.
    package enum Close: String, Hashable, Sendable, CaseIterable {
        case failed, canceled, terminated
        case timedOut = "timed-out"
    }

    /// What is done for one kind of submission.
    package struct Course: Hashable, Sendable {
        /// Its type.
        package var workflow: String
        /// What `SubmissionWord` names is filled in, here and in the id and the arguments.
        package var taskQueue: String
        package var id: String
        package var arguments: [ValueTemplate]
        /// Of the value that a completed workflow returned.
        package var result: ResultRule
        /// A query whose answer has the id where `result` says, for a workflow that returned nothing.
        package var idQuery: String?
        /// Ends by which it says that it failed and that all is undone.
        package var rolledBack: Set<Close>
        /// A workflow that takes longer is cancelled.
        package var timeout: Duration

        package init(
            workflow: String, taskQueue: String, id: String = TemporalSpec.idDefault, arguments: [ValueTemplate] = [],
            result: ResultRule, rolledBack: Set<Close> = [], timeout: Duration = TemporalSpec.timeoutDefault
        ) {
            self.workflow = workflow
            self.taskQueue = taskQueue
            self.id = id
            self.arguments = arguments
            self.result = result
            self.rolledBack = rolledBack
            self.timeout = timeout
        }
    }

    package static let idDefault = "{submission}"
    package static let timeoutDefault = Duration.seconds(120)

    /// `HOST:PORT`, past the links, or `native`.
    package var address: String
    package var namespace: String
    package var security: TemporalAddress.Security
    /// The name that the server's certificate is for; nil: the host.
    package var serverName: String?
    package var apiKey: String?
    /// `http://host:port` of the web UI that reports link to. Nil: they link to none.
    package var webUI: String?
    package var courses: [Submission.Kind: Course]

    package init(
        address: String, namespace: String = "default", security: TemporalAddress.Security = .plaintext,
        apiKey: String? = nil, webUI: String? = nil, courses: [Submission.Kind: Course]
    ) {
        self.address = address
        self.namespace = namespace
        self.security = security
        self.apiKey = apiKey
        self.webUI = webUI
        self.courses = courses
    }

    /// Nil when the address is no HOST:PORT.
    var server: TemporalAddress? {
        guard var server = TemporalAddress(address, namespace: namespace) else { return nil }
        server.security = security
        server.serverName = serverName
        server.apiKey = apiKey
        return server
    }

    /// Whether each lane has workers of its own.
    var isPerLane: Bool {
        courses.values.contains { Placeholders.names(in: $0.taskQueue).contains(SubmissionWord.lane.rawValue) }
    }

    /// `DocumentIngestionWorkflow on ingestion-queue`, once for each.
    package var words: String {
        Submission.Kind.inFiles.compactMap { courses[$0].map { "\($0.workflow) on \($0.taskQueue)" } }
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", ")
    }
}

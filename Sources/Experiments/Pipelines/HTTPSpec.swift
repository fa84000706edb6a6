package import Consistency

/// A service that takes a document by a request, and is asked for its state until it is done.
package struct HTTPSpec: Hashable, Sendable {
    /// One request before its placeholders are filled in.
    package struct Request: Hashable, Sendable {
        package enum Body: Hashable, Sendable {
            case json(ValueTemplate)
            case text(String)
        }

        package var method: String
        package var url: String
        package var headers: [String: String]
        package var body: Body?

        package init(method: String, url: String, headers: [String: String] = [:], body: Body? = nil) {
            self.method = method
            self.url = url
            self.headers = headers
            self.body = body
        }
    }

    /// Where an answer names the job that it began.
    package enum Job: Hashable, Sendable {
        case body(ValuePath)
        case header(String)
    }

    package struct Submit: Hashable, Sendable {
        package var request: Request
        /// The job is begun.
        package var accepted: Set<Int>
        /// The answer holds the result already.
        package var done: Set<Int>
        /// It failed, and everything is undone.
        package var rolledBack: Set<Int>
        package var job: Job?

        package init(
            request: Request, accepted: Set<Int> = HTTPSpec.acceptedDefault, done: Set<Int> = [],
            rolledBack: Set<Int> = [], job: Job? = nil
        ) {
            self.request = request
            self.accepted = accepted
            self.done = done
            self.rolledBack = rolledBack
            self.job = job
        }
    }

    package struct Poll: Hashable, Sendable {
        package var request: Request
        package var every: Duration
        /// A value that is neither this nor a result ends the polling.
        package var pending: ValueCondition?

        package init(request: Request, every: Duration = HTTPSpec.everyDefault, pending: ValueCondition? = nil) {
            self.request = request
            self.every = every
            self.pending = pending
        }
    }

    /// What is done for one kind of submission.
    package struct Course: Hashable, Sendable {
        package var submit: Submit
        /// Nil: the answer to the submission is the result.
        package var poll: Poll?
        package var result: ResultRule
        /// For all of it.
        package var timeout: Duration

        package init(
            submit: Submit, poll: Poll? = nil, result: ResultRule, timeout: Duration = HTTPSpec.timeoutDefault
        ) {
            self.submit = submit
            self.poll = poll
            self.result = result
            self.timeout = timeout
        }
    }

    package static let acceptedDefault = Set(200..<300)
    package static let everyDefault = Duration.milliseconds(500)
    package static let timeoutDefault = Duration.seconds(120)

    package var courses: [Submission.Kind: Course]

    package init(courses: [Submission.Kind: Course]) { self.courses = courses }

    /// Whether each lane has a service of its own.
    var isPerLane: Bool {
        courses.values.flatMap { [$0.submit.request.url, $0.poll?.request.url ?? ""] }
            .contains { Placeholders.names(in: $0).contains(SubmissionWord.lane.rawValue) }
    }
}

extension HTTPSpec {
    /// What is asked of it, once for each request: `POST http://…`.
    package var words: String {
        let requests = Submission.Kind.inFiles.compactMap { courses[$0]?.submit.request }
        return requests.map { "\($0.method) \($0.url)" }
            .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.joined(separator: ", ")
    }
}

import Consistency
import Foundation
import Stores

/// The requests that are made for one submission.
struct HTTPExchange: Sendable {
    enum Beginning: Sendable {
        case answer(PipelineAnswer)
        /// The id of the job that was begun; empty where nobody asks for it.
        case job(String)
    }

    enum Waiting: Sendable {
        case answer(PipelineAnswer)
        /// What was heard last.
        case outOfTime(String)
    }

    private enum Heard {
        case value(JSON)
        /// Nothing that tells the job's state, and may be different soon.
        case trouble(String)
    }

    let course: HTTPSpec.Course
    let client: HTTPClient
    /// Fills in all placeholders but `{job}`.
    let fill: @Sendable (String) -> String
    var job = ""
    private let deadline: ContinuousClock.Instant

    /// One request may not take longer, however much time there is.
    private static let pollTimeoutMax = Duration.seconds(10)

    init(course: HTTPSpec.Course, client: HTTPClient, fill: @escaping @Sendable (String) -> String) {
        self.course = course
        self.client = client
        self.fill = fill
        deadline = ContinuousClock.now + course.timeout
    }

    func submit() async -> Beginning {
        let submit = course.submit
        let request = request(submit.request, operation: "submit")
        let response: HTTPResponse
        do {
            response = try await client.send(request, timeout: course.timeout)
        } catch {
            // What was never sent has changed nothing.
            let result: Submission.Result = error.outcome == .definite ? .rolledBack : .unknown
            let mend = error.code == StoreError.Code.connect ? "; start the service, or see whether 'url' is right" : ""
            return .answer(
                .failed(
                    result, "submit", "\(request.method) \(request.url): \(error.message)\(mend)", code: error.code))
        }
        let words = Self.words(request, response)
        if submit.rolledBack.contains(response.status) {
            return .answer(.failed(.rolledBack, "submit", words, code: "\(response.status)"))
        }
        guard submit.accepted.union(submit.done).contains(response.status) else {
            return .answer(.failed(.unknown, "submit", words, code: "\(response.status)"))
        }
        if course.poll == nil || submit.done.contains(response.status) {
            guard let value = JSON(response.body) else {
                return .answer(.failed(.unknown, "submit", "the answer is no JSON: \(words)"))
            }
            return .answer(course.result.answer(value, step: "submit"))
        }
        guard let place = submit.job else { return .job("") }
        guard let job = Self.job(place, in: response) else {
            return .answer(.failed(.unknown, "submit", "no job is named in \(Self.name(place)): \(words)"))
        }
        return .job(job)
    }

    /// Until there is a result, something that is none, or no time left.
    func wait() async -> Waiting {
        guard let poll = course.poll else { return .outOfTime("nothing") }
        var last = "nothing"
        while !Task.isCancelled {
            switch await hear(poll) {
            case .value(let value):
                let isPending = poll.pending.map { $0.isMet(by: value) } ?? !course.result.knows(value)
                guard isPending else { return .answer(course.result.answer(value, step: "poll")) }
                last = ResultRule.shown(value)
            case .trouble(let words):
                last = words
            }
            guard ContinuousClock.now + poll.every < deadline else { break }
            try? await Task.sleep(for: poll.every)
        }
        return .outOfTime(last)
    }

    /// Whether the service is done with it, as far as it tells.
    func isOver() async -> Bool {
        guard let poll = course.poll, case .value(let value) = await hear(poll) else { return false }
        return course.result.knows(value)
    }

    private func hear(_ poll: HTTPSpec.Poll) async -> Heard {
        let request = request(poll.request, operation: "poll")
        let left = max(.seconds(1), ContinuousClock.now.duration(to: deadline))
        do {
            let response = try await client.send(request, timeout: min(left, Self.pollTimeoutMax))
            guard response.isSuccess, let value = JSON(response.body) else {
                return .trouble(Self.words(request, response))
            }
            return .value(value)
        } catch {
            return .trouble("\(request.method) \(request.url): \(error.message)")
        }
    }

    private func request(_ template: HTTPSpec.Request, operation: String) -> HTTPRequest {
        let job = job
        let fill = fill
        func text(_ text: String) -> String {
            // The job's own text is not looked at for placeholders.
            Placeholders.fill(text) { $0 == HTTPSpec.jobWord ? job : fill("{\($0)}") }
        }
        // Ids and keys are paths: their slashes stay.
        let url = Placeholders.fill(template.url) { name in
            let value = text("{\(name)}")
            return name.hasPrefix("link.") ? value : PercentEncoding.encoded(value, keeping: "/")
        }
        var headers = template.headers.map { (name: $0.key, value: text($0.value)) }
        func add(_ name: String, _ value: String) {
            if !headers.contains(where: { $0.name.lowercased() == name }) { headers.append((name, value)) }
        }
        add("accept", "application/json")
        let body: HTTPRequest.Body
        switch template.body {
        case .json(let value):
            add("content-type", "application/json")
            body = .bytes(value.json(text).bytes)
        case .text(let words):
            body = .bytes(Array(text(words).utf8))
        case nil:
            body = template.method == "GET" || template.method == "HEAD" ? .none : .bytes([])
        }
        return HTTPRequest(
            service: "pipeline", operation: operation, method: template.method, url: url, headers: headers,
            body: body, sink: .memory(limitBytes: 16 << 20))
    }

    private static func job(_ place: HTTPSpec.Job, in response: HTTPResponse) -> String? {
        switch place {
        case .body(let path): JSON(response.body).flatMap { path.text(in: $0) }
        case .header(let name): response[header: name].flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    private static func name(_ place: HTTPSpec.Job) -> String {
        switch place {
        case .body(let path): "'\(path)'"
        case .header(let name): "the header \(name)"
        }
    }

    private static func words(_ request: HTTPRequest, _ response: HTTPResponse) -> String {
        let body = response.text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(300)
        return "\(request.method) \(request.url) was answered by \(response.status)"
            + (body.isEmpty ? "" : ": \(body)")
    }
}

import Consistency
import Faults
import Proxy

extension HTTPSpec {
    /// What the kinds may have in common.
    private struct Common: Sendable {
        var result: ResultRule?
        var poll: Poll?
        var timeout: Duration?
    }

    /// The placeholder for what `job` has found.
    static let jobWord = "job"

    /// Reads `http:`.
    /// - Parameter links: all of the file's.
    init(spec: inout Spec, links: [LinkConfiguration]) throws(SpecError) {
        let words = SubmissionWord.names + LaneVariables.placeholders(of: links)
        let poll = SpecType<Poll>.mapping { spec throws(SpecError) in try Poll(spec: &spec, words: words) }
        let common = Common(
            result: try spec.optional("result", .mapping(ResultRule.init(spec:))),
            poll: try spec.optional("poll", poll), timeout: try spec.optional("timeout", .durationAboveZero))
        self.init(
            courses: try Submission.Kind.sections(&spec) { spec throws(SpecError) in
                let submit = try spec.required(
                    "submit", .mapping { spec throws(SpecError) in try Submit(spec: &spec, words: words) })
                let own = try spec.optional("poll", poll)
                let rule = try spec.optional("result", .mapping(ResultRule.init(spec:))) ?? common.result
                guard let result = rule else {
                    throw spec.place.error(
                        "has no 'result'", mend: "say what success looks like: result: { succeeded: { status: done } }")
                }
                let timeout = try spec.optional("timeout", .durationAboveZero) ?? common.timeout
                let asked = own ?? common.poll
                if let asked, submit.job == nil, !submit.accepted.isEmpty, asked.request.names(Self.jobWord) {
                    throw spec.error(
                        "submit", "doesn't say where the answer has the {job} that 'poll' asks for",
                        mend: "add 'job: PATH' or 'job-header: NAME' to it")
                }
                return Course(
                    submit: submit, poll: asked, result: result, timeout: timeout ?? HTTPSpec.timeoutDefault)
            })
    }
}

extension HTTPSpec.Submit {
    fileprivate init(spec: inout Spec, words: [String]) throws(SpecError) {
        let request = try HTTPSpec.Request(spec: &spec, method: "POST", words: words)
        let path = try spec.optional("job", .path)
        let header = try spec.optional("job-header", .name)
        if path != nil, header != nil {
            throw spec.error("job-header", "is one place too many for the job", mend: "keep it or 'job'")
        }
        let code = SpecType<Int>.int(in: 100...599)
        let statuses = try spec.optional(
            "statuses",
            .mapping { spec throws(SpecError) -> [Set<Int>?] in
                try ["accepted", "done", "rolled-back"].map { name throws(SpecError) in
                    try spec.optional(name, .list(of: code)).map { Set($0) }
                }
            })
        let done = statuses?[1] ?? []
        let rolledBack = statuses?[2] ?? []
        // Who says which status is the end says that no other is one.
        let usual = done.isEmpty ? HTTPSpec.acceptedDefault.subtracting(rolledBack) : []
        self.init(
            request: request, accepted: statuses?[0] ?? usual,
            done: done, rolledBack: rolledBack, job: path.map { .body($0) } ?? header.map { .header($0) })
    }
}

extension HTTPSpec.Poll {
    fileprivate init(spec: inout Spec, words: [String]) throws(SpecError) {
        let request = try HTTPSpec.Request(spec: &spec, method: "GET", words: words + [HTTPSpec.jobWord])
        let every = try spec.optional("every", .durationAboveZero) ?? HTTPSpec.everyDefault
        self.init(request: request, every: every, pending: try spec.optional("pending", .condition))
    }
}

extension HTTPSpec.Request {
    fileprivate init(spec: inout Spec, method: String, words: [String]) throws(SpecError) {
        let url = try spec.required("url", .requestURL(words: words))
        let own = try spec.optional("method", .method) ?? method
        let text = SpecType<String>.template("a text", example: "{submission}", known: words)
        let headers = try spec.optional("headers", .mapping { spec throws(SpecError) in try spec.all(text) })
        let json = try spec.optional("body", .value(known: words))
        let plain = try spec.optional("text", text)
        if json != nil, plain != nil {
            throw spec.error("text", "is a second body", mend: "keep 'body', which is sent as JSON, or 'text'")
        }
        self.init(
            method: own, url: url,
            headers: Dictionary(headers?.map { ($0.key, $0.value) } ?? [], uniquingKeysWith: { $1 }),
            body: json.map { .json($0) } ?? plain.map { .text($0) })
    }

    fileprivate func names(_ word: String) -> Bool {
        var texts = [url] + headers.values
        switch body {
        case .json(let template): texts += template.texts
        case .text(let text): texts.append(text)
        case nil: break
        }
        return texts.contains { Placeholders.names(in: $0).contains(word) }
    }
}

extension SpecType where Value == String {
    /// `http://…` or `https://…`, with placeholders.
    fileprivate static func requestURL(words: [String]) -> SpecType {
        let text = template("a URL", example: "http://{link.api}/documents/{document.name}", known: words)
        return SpecType(example: text.example) { node, place throws(SpecError) in
            let url = try text.read(node, place)
            guard url.wholeMatch(of: /https?:\/\/[^\/\s]+(\/\S*)?/) != nil else {
                throw place.error("is no URL: '\(url)'", mend: "write one such as \(text.example)")
            }
            return url
        }
    }

    fileprivate static var method: SpecType {
        .scalar("a method", example: "POST", mend: "write one such as POST") { text in
            text.wholeMatch(of: /[A-Z]{1,20}/) != nil ? text : nil
        }
    }
}

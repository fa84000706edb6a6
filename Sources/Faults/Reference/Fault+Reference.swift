import Wire

/// A fault in the words of the reference.
extension Fault {
    /// As it stands behind `inject:`: `latency: { delay: 200ms }`, or the bare name.
    package static var injection: String { example == "{}" ? kind : "\(kind): \(example)" }

    package static var exampleSection: String {
        if target == .processes {
            return """
                faults:
                  - process: postgres
                    at: { on: postgres, operation: COMMIT, stage: forwarded, nth: 2 }
                    inject: \(example == "{}" ? kind : "{ \(injection) }")
                """
        }
        if protocols == LinkProtocol.allCases { return section(on: "redis", when: nil) }
        if services == [.openai] { return section(on: "openai", when: "{ operation: embeddings, first: 2 }") }
        if protocols == [.http] { return section(on: "s3", when: "{ operation: GetObject, first: 2 }") }
        return section(on: "postgres", when: "{ operation: COMMIT, first: 1 }")
    }

    static func section(on link: String, when: String?) -> String {
        let injected = example == "{}" ? kind : "{ \(injection) }"
        let selected = when.map { "    when: \($0)\n" } ?? ""
        return "faults:\n  - on: \(link)\n\(selected)    inject: \(injected)"
    }

    /// Which links can express it.
    package static var links: String {
        if target == .processes { return "none" }
        if let services { return services.map(\.rawValue).joined(separator: ", ") }
        return protocols == LinkProtocol.allCases ? "all" : protocols.map(\.rawValue).joined(separator: ", ")
    }

    /// What it strikes where the selector says nothing else.
    package static var struck: String {
        switch (target, direction) {
        case (.messages, .request): "requests"
        case (.messages, .response): "answers"
        case (.messages, nil): "messages, both directions"
        case (.connections, _): takesDirection ? "connections, both directions" : "connections"
        case (.listeners, _): "listeners"
        case (.processes, _): "processes"
        }
    }
}

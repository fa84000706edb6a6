import Wire

/// Reads what `when: { ... }` says of a message's content, by what the link's protocol knows.
enum ContentReader {
    /// Selectors that not every protocol knows, with those that do.
    private static let known: [(key: String, protocols: [LinkProtocol])] = [
        ("operation", LinkProtocol.withMessages), ("key", LinkProtocol.withMessages),
        ("retries", LinkProtocol.withMessages), ("method", [.http]), ("path", [.http]), ("header", [.http]),
        ("status", [.http]), ("statement", [.postgres, .bolt]),
    ]

    static func refuseStrangers(_ when: Spec, on link: LinkTraits) throws(SpecError) {
        for (key, protocols) in known where when.keys.contains(key) && !protocols.contains(link.linkProtocol) {
            let names = protocols.map(\.rawValue)
            let able = [names.dropLast().joined(separator: ", "), names.last ?? ""].filter { !$0.isEmpty }
                .joined(separator: " and ")
            throw when.error(
                key, "is known on \(able) links, and this one speaks \(link.linkProtocol.rawValue)",
                mend: "leave it out")
        }
    }

    /// - Parameter direction: of the messages that are selected; `nil` is both.
    static func read(
        _ when: inout Spec, of fault: any Fault.Type, on link: LinkTraits, _ direction: Direction?
    ) throws(SpecError) -> ContentPattern {
        var content = ContentPattern()
        content.key = try when.optional("key", .name).map(Glob.init)
        if link.linkProtocol == .http {
            content.methods = try when.optional("method", .oneOrMore(.method))
            content.path = try when.optional("path", .path).map(Glob.init)
            content.header = try when.optional("header", .header)
            content.statuses = try when.optional("status", .oneOrMore(.statuses))
            if content.statuses != nil, direction == .request {
                throw when.error(
                    "status", "is known of answers, and \(fault.kind) strikes requests here",
                    mend: fault.oneWayOn.contains(.http) ? "leave it out" : "write 'direction: response' beside it")
            }
        }
        if [.postgres, .bolt].contains(link.linkProtocol) {
            content.statement = try when.optional("statement", .name).map(StatementPattern.init)
        }
        return content
    }
}

extension SpecType {
    /// One value, or a list of them with at least one.
    static func oneOrMore<Element>(_ element: SpecType<Element>) -> SpecType where Value == [Element] {
        SpecType(example: element.example) { node, place throws(SpecError) in
            guard case .sequence(let nodes) = node.content else { return [try element.read(node, place)] }
            guard !nodes.isEmpty else {
                throw place.error("is empty, and selects nothing", mend: "write [\(element.example)]")
            }
            return try SpecType<[Element]>.list(of: element).read(node, place)
        }
    }
}

extension SpecType where Value == String {
    fileprivate static var method: SpecType {
        .scalar("a method", example: "GET", mend: "methods are written in capitals, such as GET") { text in
            text.wholeMatch(of: /[A-Z]+/) != nil ? text : nil
        }
    }

    fileprivate static var path: SpecType {
        .scalar("a path", example: "/v1/*", mend: "a pattern of a path begins with '/' or '*'") { text in
            text.hasPrefix("/") || text.hasPrefix("*") ? text : nil
        }
    }
}

extension SpecType where Value == ClosedRange<Int> {
    /// `503` or `5xx`.
    fileprivate static var statuses: SpecType {
        .scalar("a status", example: "503", mend: "write one such as 503 or 5xx, or a list of them") { text in
            if text.wholeMatch(of: /[1-5]xx/) != nil, let first = text.first?.wholeNumberValue {
                return first * 100...first * 100 + 99
            }
            return Int(text).flatMap { (100...599).contains($0) ? $0...$0 : nil }
        }
    }
}

extension SpecType where Value == ContentPattern.Header {
    /// A name, or `{ name: X, value: GLOB }`.
    static var header: SpecType {
        SpecType(example: "Content-Type") { node, place throws(SpecError) in
            guard case .mapping = node.content else {
                return ContentPattern.Header(try SpecType<String>.headerName.read(node, place))
            }
            var spec = try Spec(node, at: place)
            let name = try spec.required("name", .headerName)
            let value = try spec.optional("value", .string).map(Glob.init)
            try spec.finish()
            return ContentPattern.Header(name, value)
        }
    }
}

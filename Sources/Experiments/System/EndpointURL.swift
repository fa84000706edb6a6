/// An address of the form `scheme://user:password@HOST:PORT/path`, cut where the host begins and ends.
struct EndpointURL {
    private let before: Substring
    let address: String
    private let after: Substring

    /// - Throws: `RunError` when there is no `HOST:PORT` in it.
    init(_ text: String) throws {
        guard let scheme = text.firstRange(of: "://") else { throw Self.error(text) }
        let rest = text[scheme.upperBound...]
        let end = rest.firstIndex(of: "/") ?? rest.endIndex
        let start = rest[..<end].lastIndex(of: "@").map { rest.index(after: $0) } ?? rest.startIndex
        guard rest[start..<end].contains(":") else { throw Self.error(text) }
        before = text[..<start]
        address = String(rest[start..<end])
        after = rest[end...]
    }

    func text(at address: String) -> String { before + address + after }

    /// Shows nothing of the text: there may be a password in it.
    private static func error(_ text: String) -> RunError {
        RunError(
            what: "an endpoint of the stack is no scheme://HOST:PORT",
            mend: "start the stack anew: `faultline stack down`, then `faultline stack up`")
    }
}

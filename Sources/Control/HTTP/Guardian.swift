import HTTPTypes
import Hummingbird

/// Who may ask the APIs. On loopback everybody who runs on this machine, but no page that a browser shows: such a page cannot
/// hide its origin, nor the name by which it found this machine. Elsewhere whoever has the token.
struct Guardian: Sendable {
    /// `nil`: none is asked for.
    let token: String?

    /// - Returns: why not; `nil` for one who may.
    func refusal(_ request: Request) -> (status: Int, why: String)? {
        if let token {
            guard let given = bearer(request), Self.isSame(given, token) else {
                return (401, "this API wants a token: send 'Authorization: Bearer TOKEN'")
            }
        } else if let host = request.head.authority, !Self.isLoopback(host) {
            return (403, "this API does not answer to the name '\(host)'; ask 127.0.0.1")
        }
        guard let origin = request.headers[Self.origin] else {
            let site = request.headers[Self.fetchSite]
            return site == nil || site == "none" || site == "same-origin" ? nil : (403, Self.foreign)
        }
        return origin == "http://\(request.head.authority ?? "")" ? nil : (403, Self.foreign)
    }

    private func bearer(_ request: Request) -> String? {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    /// In a time that doesn't tell how much of it is right.
    private static func isSame(_ given: String, _ token: String) -> Bool {
        let (given, token) = (Array(given.utf8), Array(token.utf8))
        var difference = given.count == token.count ? UInt8(0) : 1
        for index in token.indices { difference |= token[index] ^ (index < given.count ? given[index] : 0) }
        return difference == 0
    }

    /// - Parameter authority: `HOST` or `HOST:PORT`.
    static func isLoopback(_ authority: String) -> Bool {
        let host =
            authority.hasPrefix("[")
            ? String(authority.prefix { $0 != "]" }.dropFirst()) : String(authority.prefix { $0 != ":" })
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static let foreign = "a browser's page of another origin may not ask this API"
    private static let origin = HTTPField.Name("Origin")!
    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
}

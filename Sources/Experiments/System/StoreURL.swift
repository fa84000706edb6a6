import Foundation

/// The parts of `scheme://user:password@host:port/path`. Unlike the text they come from, they may be shown: but for the password.
package struct StoreURL: Hashable, Sendable {
    package var scheme: String
    /// Before the `@`, as written.
    private var credentials: String?
    package var host: String
    package var port: Int
    /// Without the leading slash.
    package var path: String

    /// - Parameter defaultPort: what holds when the text names none; nil: it must.
    package init?(_ text: String, defaultPort: Int? = nil) {
        guard let match = text.wholeMatch(of: Self.form) else { return nil }
        scheme = String(match.output.1)
        credentials = match.output.2.map { String($0) }
        host = String(match.output.3)
        path = match.output.5.map { String($0) } ?? ""
        guard let port = match.output.4.map({ UInt16($0).map(Int.init) }) ?? defaultPort else { return nil }
        self.port = port
    }

    private static var form: Regex<(Substring, Substring, Substring?, Substring, Substring?, Substring?)> {
        /([a-z][a-z0-9+]*):\/\/(?:([^\/]*)@)?(\[[0-9A-Fa-f:.]+\]|[^:\/\[\]@\s]+)(?::([0-9]{1,5}))?(?:\/([^\s]*))?/
    }

    package var user: String? { part(0) }
    package var password: String? { part(1) }

    private func part(_ index: Int) -> String? {
        let parts = credentials?.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false) ?? []
        guard index < parts.count, !parts[index].isEmpty else { return nil }
        return String(parts[index]).removingPercentEncoding
    }

    /// `host:port`, with brackets around an IPv6 address.
    package var address: String { "\(host):\(port)" }

    /// The whole, password included.
    package var text: String { text(at: address) }

    /// The same with another `host:port`.
    package func text(at address: String) -> String {
        "\(scheme)://" + (credentials.map { "\($0)@" } ?? "") + address + (path.isEmpty ? "" : "/\(path)")
    }

    /// Without credentials: for people to read.
    package var shown: String { "\(scheme)://\(address)" + (path.isEmpty ? "" : "/\(path)") }
}

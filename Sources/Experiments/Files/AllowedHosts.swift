import Faults

/// The hosts that may be broken and written to. Those of this machine need no leave.
package struct AllowedHosts {
    /// In small letters.
    var hosts: Set<String>

    package init(hosts: Set<String>) { self.hosts = hosts }

    package func contains(_ host: String) -> Bool {
        Self.isThisMachine(host) || hosts.contains(host.lowercased())
    }

    /// - Parameter address: `HOST:PORT`, `SCHEME://…`, `unix:PATH` or `native`.
    package static func host(of address: String) -> String? {
        if address == NativeAddress.word || address.hasPrefix("unix:") { return nil }
        if let url = StoreURL(address, defaultPort: 0) { return url.host }
        return address.lastIndex(of: ":").map { String(address[..<$0]) } ?? address
    }

    private static func isThisMachine(_ host: String) -> Bool {
        ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || host.wholeMatch(of: /127\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/) != nil
    }

    /// - Parameter place: of the address.
    func check(_ address: String, at place: SpecPlace) throws(SpecError) {
        guard let host = Self.host(of: address), !contains(host) else { return }
        throw place.error(
            "leads to '\(host)', which is not this machine",
            mend: "if it may be broken and written to, add it to 'allow: [\(host)]' at the top of the file")
    }
}

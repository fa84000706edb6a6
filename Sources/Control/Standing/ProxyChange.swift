/// What reading a standing proxy's file again has changed.
package struct ProxyChange: Sendable {
    package var links: [(kind: LiveLinks.LinkChange, listing: String)]
    /// The windows in force from now on, each in words.
    package var windows: [String]
    /// What the file asks for and a running proxy cannot do.
    package var notes: [String]

    /// One line each.
    package var lines: [String] {
        let links = links.map { "  \($0.kind.rawValue.padding(to: 9))  \($0.listing)" }
        let windows = windows.isEmpty ? ["  no faults"] : windows.map { "  \("window".padding(to: 9))  \($0)" }
        return links + windows + notes.map { "  \("note".padding(to: 9))  \($0)" }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}

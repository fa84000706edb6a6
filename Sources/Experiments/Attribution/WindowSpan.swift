/// When one window of the plan was open, in nanoseconds of the wire history.
package struct WindowSpan: Hashable, Sendable, Codable {
    /// The window's number, as in the wire history.
    package var id: Int
    package var name: String
    package var link: String
    package var from: Int64
    package var to: Int64

    package init(id: Int, name: String, link: String, from: Int64, to: Int64) {
        self.id = id
        self.name = name
        self.link = link
        self.from = from
        self.to = to
    }
}

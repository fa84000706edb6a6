/// When one window of the plan was open, in nanoseconds of the wire history. A window that strikes processes has one for each
/// time that a process was down or stood still.
package struct WindowSpan: Hashable, Sendable, Codable {
    /// The window's number, as in the wire history.
    package var id: Int
    package var name: String
    /// The link, or the name of the processes that it strikes.
    package var link: String
    /// The process that was struck: `worker-0`; nil for a window of a link.
    package var process: String?
    package var from: Int64
    package var to: Int64

    package init(id: Int, name: String, link: String, process: String? = nil, from: Int64, to: Int64) {
        self.id = id
        self.name = name
        self.link = link
        self.process = process
        self.from = from
        self.to = to
    }
}

/// Why the stack, or one service of it, is not as asked: where, what, and how to mend it.
package struct StackError: Error, Hashable, Sendable {
    /// The service concerned, when it is one.
    package var service: String?
    package var what: String
    /// What the reader can do about it.
    package var remedy: String?
    /// Path of the service's log.
    package var log: String?
    /// The log's last lines.
    package var lastLines: [String]

    package init(
        service: String? = nil, what: String, remedy: String? = nil, log: String? = nil, lastLines: [String] = []
    ) {
        self.service = service
        self.what = what
        self.remedy = remedy
        self.log = log
        self.lastLines = lastLines
    }
}

extension StackError: CustomStringConvertible {
    package var description: String {
        var lines = [(service.map { "\($0): " } ?? "") + what]
        if let remedy { lines.append("  to mend it: \(remedy)") }
        if let log { lines.append("  log: \(log)") }
        lines += lastLines.map { "  | \($0)" }
        return lines.joined(separator: "\n")
    }
}

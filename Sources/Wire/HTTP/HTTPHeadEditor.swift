/// Changes the headers of a head and leaves every other byte as it was.
package enum HTTPHeadEditor {
    /// The head with the edits made, in order.
    ///
    /// - Parameter head: exactly a head, with its empty line.
    package static func apply(_ edits: [HeadEdit], to head: RawSpan) -> [UInt8] {
        var bytes = head.withUnsafeBytes { Array($0) }
        for edit in edits {
            switch edit {
            case .removeHeader(let name): bytes = without(name, bytes.span.bytes)
            case .setHeader(let name, let value): bytes = setting(name, to: value, without(name, bytes.span.bytes))
            }
        }
        return bytes
    }

    private static func without(_ name: String, _ head: RawSpan) -> [UInt8] {
        let name = name.lowercased()
        var kept: [UInt8] = []
        kept.reserveCapacity(head.byteCount)
        var position = 0
        var isPastStart = false
        var isDropping = false
        while position < head.byteCount {
            let start = position
            let line = HTTPHeadParser.nextLine(head, &position)
            let end = line.lowerBound + name.utf8.count
            let named =
                end < line.upperBound && head.byte(at: end) == 0x3A
                && HTTPHeadParser.equals(head, line.lowerBound..<end, name)
            // A line that begins with a blank goes on with the header before it (RFC 9112, 5.2).
            let isFolded = !line.isEmpty && [0x20, 0x09].contains(head.byte(at: line.lowerBound))
            isDropping = isPastStart && (isFolded ? isDropping : named)
            if !line.isEmpty { isPastStart = true }
            if isDropping { continue }
            head.extracting(start..<position).withUnsafeBytes { kept.append(contentsOf: $0) }
        }
        return kept
    }

    /// Puts the header right after the start line.
    private static func setting(_ name: String, to value: String, _ head: [UInt8]) -> [UInt8] {
        let first = head.firstIndex { $0 != HTTPHeadParser.lineFeed && $0 != HTTPHeadParser.carriageReturn } ?? 0
        guard let end = head[first...].firstIndex(of: HTTPHeadParser.lineFeed) else { return head }
        return Array(head[...end]) + Array("\(name): \(value)\r\n".utf8) + Array(head[(end + 1)...])
    }
}

import Foundation
package import Proxy

/// The wire history as text: one JSON object a line, in the order of `time`.
///
/// A spool has a message when it has ended, and what different loops recorded in no particular order, so the lines are sorted
/// once all are written: of each, only its time and its place are kept in memory.
package enum WireExport {
    private static let pieceBytes = 1 << 20

    private struct Line {
        var time: Int64
        var offset: Int
        var length: Int
    }

    /// - Parameter each: sees every event on the way, in the spool's order.
    /// - Returns: how many events there were.
    @discardableResult
    package static func write(
        _ spool: String, to path: String, each: (WireEvent) -> Void = { _ in }
    ) throws -> Int {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let output = try Output(path)
        defer { output.close() }
        var lines: [Line] = []
        var isSorted = true
        try WireHistory.forEach(in: spool) { event in
            var line = try encoder.encode(event)
            line.append(0x0A)
            if let last = lines.last, last.time > event.time { isSorted = false }
            lines.append(Line(time: event.time, offset: output.count, length: line.count))
            try output.append(line)
            each(event)
        }
        try output.flush()
        if !isSorted { try sort(lines, in: path) }
        return lines.count
    }

    private static func sort(_ lines: [Line], in path: String) throws {
        let text = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        let sorted = path + ".sorted"
        let output = try Output(sorted)
        defer { output.close() }
        // Of events at one time, the one that was recorded first.
        for line in lines.sorted(by: { ($0.time, $0.offset) < ($1.time, $1.offset) }) {
            try output.append(text[line.offset..<(line.offset + line.length)])
        }
        try output.flush()
        guard rename(sorted, path) == 0 else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
    }

    /// A file that is written in large pieces.
    private final class Output {
        private let file: FileHandle
        private var piece = Data()
        /// Bytes so far.
        private(set) var count = 0

        init(_ path: String) throws {
            guard FileManager.default.createFile(atPath: path, contents: nil) else {
                throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path])
            }
            file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        }

        func append(_ bytes: Data) throws {
            piece.append(bytes)
            count += bytes.count
            if piece.count >= WireExport.pieceBytes { try flush() }
        }

        func flush() throws {
            try file.write(contentsOf: piece)
            piece.removeAll(keepingCapacity: true)
        }

        func close() { try? file.close() }
    }
}

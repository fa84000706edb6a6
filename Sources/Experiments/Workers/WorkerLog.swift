import Foundation

/// What a process has written to its log since it was started.
struct WorkerLog: Sendable {
    private static let linesMax = 8
    private static let lineMax = 300
    private static let tailMax = 16 << 10

    let path: String
    /// Where the present process's part begins, in bytes.
    private let start: UInt64
    private var read: UInt64
    /// Of a line that has no end yet.
    private var rest: [UInt8] = []

    /// From the file's present end on.
    init(_ path: String) {
        self.path = path
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? UInt64) ?? 0
        start = size
        read = size
    }

    /// Lines that were not given before.
    mutating func newLines() -> [String] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: read)) != nil, let data = try? file.readToEnd(), !data.isEmpty else {
            return []
        }
        read += UInt64(data.count)
        rest += data
        var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let last = lines.removeLast()
        defer { rest = Array(last) }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    var lastLines: [String] {
        guard let file = FileHandle(forReadingAtPath: path), let end = try? file.seekToEnd() else { return [] }
        defer { try? file.close() }
        let from = max(start, end > UInt64(Self.tailMax) ? end - UInt64(Self.tailMax) : 0)
        guard (try? file.seek(toOffset: from)) != nil, let data = try? file.readToEnd() else { return [] }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { !$0.allSatisfy(\.isWhitespace) }.suffix(Self.linesMax).map { String($0.prefix(Self.lineMax)) }
    }
}

import Glibc
import Reactor

/// Writes what a tap tells to a history's file, which `WireHistory.forEach` reads.
package struct HistoryCopy: ~Copyable {
    /// A place in the history before which all is in the file.
    package struct Mark: Hashable, Sendable {
        package var number: Int
        /// How many events could not be told by then.
        package var dropped: Int
    }

    /// What came is no history, or part of it is missing.
    package struct Broken: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    /// Events in the file.
    package private(set) var written = 0
    private let file: Int32
    private var pending: [UInt8] = []
    /// Bytes of records that came.
    private var position = 0

    /// - Throws: `LinkError` for a file that cannot be made.
    package init(path: String) throws {
        file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw LinkError(
                link: "*", what: "\(SocketError.last("write the history to \(path)"))", mend: "check the run's folder")
        }
    }

    deinit { close(file) }

    /// - Returns: the marks that have been reached.
    /// - Throws: `Broken`, or `SocketError` for a file that cannot be written to.
    package mutating func take(_ bytes: [UInt8]) throws -> [Mark] {
        pending += bytes
        var marks: [Mark] = []
        var records: [UInt8] = []
        var (position, written) = (position, written)
        let end = try WireHistory.forEachRecord(in: pending) { kind, fields in
            switch kind {
            case HistoryRecord.mark:
                var reader = HistoryRecordReader(fields)
                let (number, expected, dropped) = (reader.number(), reader.number(), reader.number())
                guard expected == position else {
                    throw Broken(description: "\(expected) bytes were sent of the history, and \(position) came")
                }
                marks.append(Mark(number: number, dropped: dropped))
                return
            case HistoryRecord.definition, HistoryRecord.source: break
            case HistoryRecord.event, HistoryRecord.run: written += WireHistory.count(kind, fields)
            default: throw Broken(description: "the history has a record of an unknown kind, \(kind)")
            }
            let record = (fields.startIndex - HistoryRecord.headBytes)..<fields.endIndex
            position += record.count
            records += pending[record]
        }
        guard HistoryRecord.isBegun(pending[end...]) else {
            throw Broken(description: "the history has a record without a length")
        }
        pending.removeFirst(end)
        try write(records)
        (self.position, self.written) = (position, written)
        return marks
    }

    private func write(_ records: [UInt8]) throws {
        var rest = records[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SocketError.last("write the history") }
            rest = rest.dropFirst(count)
        }
    }
}

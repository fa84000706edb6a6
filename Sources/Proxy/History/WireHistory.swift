import Glibc
import Reactor
import Wire

/// Reads what a history's file holds.
package enum WireHistory {
    /// Calls `body` with each event of a spooled history. Those of one loop come in the order of recording, a message when it
    /// has ended; those of different loops, which have no connection in common, in no particular order.
    ///
    /// - Throws: `SocketError` for a file that cannot be read, and whatever `body` throws.
    package static func forEach(in path: String, _ body: (WireEvent) throws -> Void) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SocketError.last("read the history \(path)") }
        defer { close(file) }
        var names: [Int: [String]] = [:]
        var source = 0
        var asked: [Int: AskedKeys] = [:]
        var pending: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = part.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SocketError.last("read the history \(path)") }
            if count == 0 { return }
            pending.append(contentsOf: part[..<count])
            let end = try forEachRecord(in: pending) { kind, fields in
                switch kind {
                case HistoryRecord.definition:
                    names[source, default: []].append(String(decoding: fields, as: UTF8.self))
                case HistoryRecord.source:
                    var reader = HistoryRecordReader(fields)
                    source = reader.short()
                default:
                    try forEachEvent(kind, fields, names[source] ?? [], &asked[source, default: AskedKeys()], body)
                }
            }
            pending.removeFirst(end)
        }
    }

    /// - Returns: where the last whole record ends.
    @discardableResult
    static func forEachRecord(
        in bytes: [UInt8], _ body: (_ kind: UInt8, _ fields: ArraySlice<UInt8>) throws -> Void
    ) rethrows -> Int {
        var position = 0
        while position + HistoryRecord.headBytes <= bytes.count {
            let length = Int(bytes[position]) | Int(bytes[position + 1]) << 8
            guard length >= HistoryRecord.headBytes, position + length <= bytes.count else { break }
            try body(bytes[position + 2], bytes[(position + HistoryRecord.headBytes)..<(position + length)])
            position += length
        }
        return position
    }

    /// The events that one record tells of.
    static func forEachEvent(
        _ kind: UInt8, _ fields: ArraySlice<UInt8>, _ names: [String], _ asked: inout AskedKeys,
        _ body: (WireEvent) throws -> Void
    ) rethrows {
        switch kind {
        case HistoryRecord.run: try forEachOfRun(fields, names, &asked, body)
        case HistoryRecord.event:
            guard let event = event(fields, names) else { return }
            if event.kind != .message { asked.forget(event) }
            try body(event)
        default: return
        }
    }

    /// How many events one record tells of.
    static func count(_ kind: UInt8, _ fields: ArraySlice<UInt8>) -> Int {
        guard kind == HistoryRecord.run else { return kind == HistoryRecord.event ? 1 : 0 }
        var reader = HistoryRecordReader(fields.dropFirst(HistoryFields.byteCount - HistoryRecord.headBytes))
        var count = 0
        while !reader.isAtEnd {
            let parts = UInt8(reader.byte())
            _ = (reader.varying(), reader.varying())
            for part in [HistoryRun.Part.key, HistoryRun.Part.code] where parts & part != 0 {
                reader.skip(reader.varying())
            }
            count += 1
        }
        return count
    }

    /// The messages that one record tells of.
    private static func forEachOfRun(
        _ fields: ArraySlice<UInt8>, _ names: [String], _ asked: inout AskedKeys, _ body: (WireEvent) throws -> Void
    ) rethrows {
        let common = HistoryFields.byteCount - HistoryRecord.headBytes
        guard var event = event(fields.prefix(common), names) else { return }
        var reader = HistoryRecordReader(fields.dropFirst(common))
        while !reader.isAtEnd {
            let parts = UInt8(reader.byte())
            let operation = reader.varying()
            guard operation < names.count else { return }
            (event.operation, event.size) = (names[operation], reader.varying())
            event.key = parts & HistoryRun.Part.key == 0 ? "" : reader.text(reader.varying())
            if event.direction == .request { asked.note(event) }
            if parts & HistoryRun.Part.requestsKey != 0 { event.key = asked.key(of: event) }
            event.code = parts & HistoryRun.Part.code == 0 ? "" : reader.text(reader.varying())
            if parts & HistoryRun.Part.nextTransaction != 0 { event.transaction += 1 }
            try body(event)
            event.exchange += 1
        }
    }

    private static func event(_ fields: ArraySlice<UInt8>, _ names: [String]) -> WireEvent? {
        var reader = HistoryRecordReader(fields)
        let (kind, direction, action) = (reader.byte(), reader.byte(), reader.byte())
        let (time, end) = (reader.number(), reader.number())
        let (link, operation, lane) = (reader.word(), reader.word(), reader.short())
        guard kind < WireEvent.Kind.allCases.count, action < WireEvent.Action.allCases.count, direction < 3,
            link < names.count, operation < names.count
        else { return nil }
        let (connection, exchange) = (reader.word(), reader.word())
        let (size, status, window) = (reader.number(), reader.short(), reader.number())
        let retryAfter = reader.number()
        let transaction = reader.word()
        let code = reader.text(reader.byte())
        return WireEvent(
            time: Int64(time), link: names[link], connection: connection, kind: WireEvent.Kind.allCases[kind],
            direction: [nil, .request, .response][direction], exchange: exchange, operation: names[operation],
            key: reader.text(), size: size, status: status, action: WireEvent.Action.allCases[action], window: window,
            lane: lane, end: Int64(end), retryAfterMilliseconds: retryAfter < 0 ? nil : retryAfter, code: code,
            transaction: transaction)
    }
}

/// Keys of requests that runs have told of, until their answers are.
struct AskedKeys {
    private struct Connection: Hashable {
        var link: String
        var number: Int
    }

    private struct Open {
        /// Exchanges and their keys, those before `start` answered.
        private var keys: [(exchange: Int, key: String)] = []
        private var start = 0

        mutating func note(_ request: WireEvent, max most: Int) {
            if start == keys.count || keys.count - start >= most { (keys, start) = ([], 0) }
            if start > 1024, start > keys.count / 2 { (keys, start) = (Array(keys[start...]), 0) }
            keys.append((request.exchange, request.key))
        }

        mutating func take(_ exchange: Int) -> String {
            while start < keys.count, keys[start].exchange < exchange { start += 1 }
            guard start < keys.count, keys[start].exchange == exchange else { return "" }
            start += 1
            return keys[start - 1].key
        }
    }

    private var open: [Connection: Open] = [:]
    /// Of requests that nobody answers no more are kept on a connection.
    private static let openMax = 1 << 18

    mutating func note(_ request: WireEvent) {
        guard !request.key.isEmpty else { return }
        open[Connection(link: request.link, number: request.connection), default: Open()].note(
            request, max: Self.openMax)
    }

    mutating func key(of answer: WireEvent) -> String {
        open[Connection(link: answer.link, number: answer.connection)]?.take(answer.exchange) ?? ""
    }

    /// A connection is over.
    mutating func forget(_ event: WireEvent) {
        guard event.kind != .opened else { return }
        open[Connection(link: event.link, number: event.connection)] = nil
    }
}

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
        var pending: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = part.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw SocketError.last("read the history \(path)") }
            if count == 0 { return }
            pending.append(contentsOf: part[..<count])
            var position = 0
            while position + 3 <= pending.count {
                let length = Int(pending[position]) | Int(pending[position + 1]) << 8
                guard length >= 3, position + length <= pending.count else { break }
                let fields = pending[(position + 3)..<(position + length)]
                switch pending[position + 2] {
                case HistoryRecord.definition:
                    names[source, default: []].append(String(decoding: fields, as: UTF8.self))
                case HistoryRecord.source:
                    var reader = HistoryRecordReader(fields)
                    source = reader.short()
                default:
                    if let event = event(fields, names[source] ?? []) { try body(event) }
                }
                position += length
            }
            pending.removeFirst(position)
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

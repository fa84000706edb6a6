import Reactor
import Synchronization
import Wire

/// Puts events into the ring. Lives on the loop's thread.
final class HistoryWriter {
    private let ring: HistoryRing
    /// The time that the history counts from.
    let start: Nanoseconds
    private var names: [String: UInt32] = [:]
    private var record: [UInt8] = []

    init(_ ring: HistoryRing, start: Nanoseconds) {
        self.ring = ring
        self.start = start
    }

    /// - Parameters:
    ///   - event: its `time` and `end` are replaced by these, counted from the history's beginning.
    ///   - end: `nil` for what has no duration.
    func write(_ event: WireEvent, at time: Nanoseconds, until end: Nanoseconds? = nil) {
        guard let link = number(of: event.link), let operation = number(of: event.operation) else {
            ring.dropped.wrappingAdd(1, ordering: .relaxed)
            return
        }
        record.removeAll(keepingCapacity: true)
        record.append(contentsOf: [
            0, 0, HistoryRecord.event, HistoryRecord.code(event.kind), HistoryRecord.code(event.direction),
            HistoryRecord.code(event.action),
        ])
        HistoryRecord.append((time - start).rawValue, to: &record)
        HistoryRecord.append(((end ?? time) - start).rawValue, to: &record)
        HistoryRecord.append(link, to: &record)
        HistoryRecord.append(operation, to: &record)
        HistoryRecord.append(UInt16(truncatingIfNeeded: event.lane), to: &record)
        HistoryRecord.append(UInt32(truncatingIfNeeded: event.connection), to: &record)
        HistoryRecord.append(UInt32(truncatingIfNeeded: event.exchange), to: &record)
        HistoryRecord.append(Int64(event.size), to: &record)
        HistoryRecord.append(UInt16(truncatingIfNeeded: event.status), to: &record)
        HistoryRecord.append(Int64(event.window), to: &record)
        HistoryRecord.append(Int64(event.retryAfterMilliseconds ?? -1), to: &record)
        record.append(contentsOf: event.key.utf8.prefix(HistoryRecord.keyBytesMax))
        HistoryRecord.seal(&record)
        let counter = ring.append(record)
        if counter {
            ring.events.wrappingAdd(1, ordering: .releasing)
        } else {
            ring.dropped.wrappingAdd(1, ordering: .relaxed)
        }
    }

    private func number(of name: String) -> UInt32? {
        if let known = names[name] { return known }
        var definition: [UInt8] = [0, 0, HistoryRecord.definition]
        definition.append(contentsOf: name.utf8.prefix(1024))
        HistoryRecord.seal(&definition)
        guard ring.append(definition) else { return nil }
        let number = UInt32(names.count)
        names[name] = number
        return number
    }
}

import Reactor
import Synchronization
import Wire

/// Puts events into the ring. Lives on the loop's thread.
final class HistoryWriter {
    private let ring: HistoryRing
    /// The time that the history counts from.
    let start: Nanoseconds
    private var names: [String: UInt32] = [:]
    /// Records of names that the ring had no room for. Nothing else goes in before them.
    private var undefined: [[UInt8]] = []
    /// What every chunk has in common.
    private var chunk = HistoryFields(kind: .message)
    /// Behind a pointer, so that adding to it checks no access.
    private let run = UnsafeMutablePointer<HistoryRun>.allocate(capacity: 1)
    private let record = UnsafeMutableRawBufferPointer.allocate(
        byteCount: HistoryFields.byteCount + HistoryRecord.codeBytesMax + HistoryRecord.keyBytesMax, alignment: 16)

    init(_ ring: HistoryRing, start: Nanoseconds) {
        self.ring = ring
        self.start = start
        run.initialize(to: HistoryRun())
        chunk.operation = number(of: Message.bytesOperation)
        chunk.action = HistoryRecord.code(.forwarded)
    }

    deinit {
        record.deallocate()
        run.deinitialize(count: 1).deallocate()
    }

    /// - Parameters:
    ///   - event: its `time` and `end` are replaced by these, counted from the history's beginning.
    ///   - end: `nil` for what has no duration.
    func write(_ event: WireEvent, at time: Nanoseconds, until end: Nanoseconds? = nil) {
        var fields = HistoryFields(kind: event.kind)
        fields.direction = HistoryRecord.code(event.direction)
        fields.action = HistoryRecord.code(event.action)
        fields.time = (time - start).rawValue
        fields.end = ((end ?? time) - start).rawValue
        fields.link = number(of: event.link)
        fields.operation = number(of: event.operation)
        fields.lane = UInt16(truncatingIfNeeded: event.lane)
        fields.connection = UInt32(truncatingIfNeeded: event.connection)
        fields.exchange = UInt32(truncatingIfNeeded: event.exchange)
        fields.size = Int64(event.size)
        fields.status = UInt16(truncatingIfNeeded: event.status)
        fields.window = Int64(event.window)
        fields.retryAfterMilliseconds = Int64(event.retryAfterMilliseconds ?? -1)
        fields.transaction = UInt32(truncatingIfNeeded: event.transaction)
        var textCount = 0
        for byte in event.code.utf8.prefix(HistoryRecord.codeBytesMax) {
            record[HistoryFields.byteCount + textCount] = byte
            textCount += 1
        }
        fields.codeCount = UInt8(textCount)
        for byte in event.key.utf8.prefix(HistoryRecord.keyBytesMax) {
            record[HistoryFields.byteCount + textCount] = byte
            textCount += 1
        }
        append(fields, textCount: textCount)
    }

    /// A chunk of bytes that passed untouched. Most of a busy link's events are such, so they take the short way: no names
    /// are looked up.
    ///
    /// - Parameter link: its name's number.
    func writeChunk(
        link: UInt32, lane: Int, connection: Int, direction: Direction, size: Int, at time: Nanoseconds,
        until end: Nanoseconds
    ) {
        chunk.link = link
        chunk.lane = UInt16(truncatingIfNeeded: lane)
        chunk.connection = UInt32(truncatingIfNeeded: connection)
        chunk.direction = HistoryRecord.code(direction)
        chunk.size = Int64(size)
        chunk.time = (time - start).rawValue
        chunk.end = (end - start).rawValue
        append(chunk, textCount: 0)
    }

    /// The number of a name, which is defined before the next event.
    func number(of name: String) -> UInt32 {
        if let known = names[name] { return known }
        undefined.append(HistoryRecord.definition(of: name))
        let number = UInt32(names.count)
        ring.names.withLock { $0.append(name) }
        names[name] = number
        return number
    }

    /// - Parameter textCount: so many bytes of a code and a key lie behind the fields' place already.
    private func append(_ fields: HistoryFields, textCount: Int) {
        fields.store(to: record.baseAddress.unsafelyUnwrapped, textCount: textCount)
        append(UnsafeRawBufferPointer(rebasing: record[..<(HistoryFields.byteCount + textCount)]), events: 1)
    }

    private func append(_ record: UnsafeRawBufferPointer, events: Int) {
        guard ring.isWanted.load(ordering: .relaxed) else { return }
        if undefined.isEmpty || defineNames(), ring.append(record) {
            ring.countEvents(events)
        } else {
            ring.countDropped(events)
        }
    }

    // MARK: Runs

    /// Begins to tell of messages that came together and pass untouched.
    ///
    /// - Parameter link: its name's number.
    func beginRun(
        link: UInt32, lane: Int, connection: Int, direction: Direction, at time: Nanoseconds, until end: Nanoseconds
    ) {
        chunk.link = link
        chunk.lane = UInt16(truncatingIfNeeded: lane)
        chunk.connection = UInt32(truncatingIfNeeded: connection)
        chunk.direction = HistoryRecord.code(direction)
        chunk.time = (time - start).rawValue
        chunk.end = (end - start).rawValue
        run.pointee.begin(chunk)
    }

    /// One more of them.
    ///
    /// - Parameter key: of an answer `nil`: it is its request's, which was told in such a run.
    @inline(__always)
    func addToRun(
        operation: UInt32, exchange: Int, transaction: Int, size: Int, key: UnsafeRawBufferPointer?,
        code: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) {
        if !run.pointee.takes(exchange: exchange, transaction: transaction) {
            endRun()
            run.pointee.begin(chunk)
        }
        run.pointee.add(
            operation: operation, exchange: exchange, transaction: transaction, size: size, key: key, code: code)
    }

    /// That was all of them.
    func endRun() {
        guard run.pointee.count > 0 else { return }
        append(run.pointee.record, events: run.pointee.count)
    }

    /// False while the ring has no room for all of them.
    private func defineNames() -> Bool {
        while let definition = undefined.first {
            guard definition.withUnsafeBytes({ ring.append($0) }) else { return false }
            undefined.removeFirst()
        }
        return true
    }
}

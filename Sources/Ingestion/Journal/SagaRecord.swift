import Glibc
import Synchronization

/// The journal of one saga: a file that only grows, an event a line.
package final class SagaRecord: Sendable {
    package let path: String
    package let request: IngestionRequest
    /// What the file held when it was opened.
    package let history: [SagaEvent]
    private let descriptor: Int32
    private let size: Mutex<Int>

    private init(path: String, request: IngestionRequest, history: [SagaEvent], descriptor: Int32, size: Int) {
        self.path = path
        self.request = request
        self.history = history
        self.descriptor = descriptor
        self.size = Mutex(size)
    }

    deinit {
        close(descriptor)
    }

    package var result: IngestionResult? {
        if case .finished(let result)? = history.last { result } else { nil }
    }

    /// Begins the journal of a saga that was just asked for; it is on the disk when this returns.
    static func begin(_ request: IngestionRequest, at path: String, in folder: String) throws -> SagaRecord {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError.failed("create", path, errno) }
        let record = SagaRecord(
            path: path, request: request, history: [.requested(request)], descriptor: descriptor, size: 0)
        try record.append(.requested(request), isDurable: true)
        try Disk.sync(folder: folder)
        return record
    }

    /// Opens the journal of a saga to go on with it. A last line that was not written whole is cut off.
    ///
    /// - Returns: nil when not even the request was written: nothing happened.
    static func open(_ path: String) throws -> SagaRecord? {
        let (history, bytes) = try read(path)
        guard case .requested(let request)? = history.first else { return nil }
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError.failed("open", path, errno) }
        let record = SagaRecord(
            path: path, request: request, history: history, descriptor: descriptor, size: bytes)
        guard ftruncate(descriptor, bytes) == 0 else { throw JournalError.failed("truncate", path, errno) }
        return record
    }

    /// The events of a file, and the bytes that they take up in it.
    static func read(_ path: String) throws -> (history: [SagaEvent], bytes: Int) {
        let content: [UInt8]
        do { content = try LocalFile.read(path) } catch { throw JournalError.failed("read", path, errno) }
        var history: [SagaEvent] = []
        var start = 0
        while let end = content[start...].firstIndex(of: UInt8(ascii: "\n")) {
            guard let event = JournalLine.event(content[start..<end]) else {
                if end + 1 == content.count { break }
                throw JournalError(
                    path: path, what: "line \(history.count + 1) is damaged",
                    remedy: "compare the document's stores by hand, then move the file away")
            }
            history.append(event)
            start = end + 1
        }
        return (history, start)
    }

    /// The request that a file begins with; nil when it was never written, or is damaged.
    static func request(of path: String) -> IngestionRequest? {
        guard let content = try? LocalFile.read(path, upTo: 64 << 10),
            let end = content.firstIndex(of: UInt8(ascii: "\n")),
            case .requested(let request)? = JournalLine.event(content[..<end])
        else { return nil }
        return request
    }

    /// A line is written whole or, when that fails, taken back.
    func append(_ event: SagaEvent, isDurable: Bool) throws {
        let line = try JournalLine.bytes(of: event)
        try size.withLock { size in
            do {
                try Disk.write(line, to: descriptor, of: path)
                size += line.count
            } catch {
                ftruncate(descriptor, size)
                throw error
            }
        }
        guard !isDurable || fsync(descriptor) == 0 else { throw JournalError.failed("flush", path, errno) }
    }
}

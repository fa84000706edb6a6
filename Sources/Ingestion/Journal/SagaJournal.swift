import Glibc
import Stores

/// What sagas have done, on disk: from it a saga whose worker died is ended by another. All workers of a process share one,
/// and processes may share its folder; together they run one saga per document at a time.
package final class SagaJournal: Sendable {
    package let folder: String
    let snapshots: SnapshotFiles
    private let queue = DocumentQueue()

    private var open: String { "\(folder)/open" }
    private var done: String { "\(folder)/done" }
    private var locks: String { "\(folder)/locks" }

    /// - Parameter folder: made when a first saga begins.
    package init(folder: String) {
        self.folder = folder
        snapshots = SnapshotFiles(folder: "\(folder)/snapshots")
    }

    /// Sagas that have begun and not ended, damaged ones included.
    package var unfinished: Int {
        Disk.names(in: open).count { name in
            guard let (history, _) = try? SagaRecord.read("\(open)/\(name)") else { return true }
            if case .finished? = history.last { return false }
            return !history.isEmpty
        }
    }

    /// How the saga of a submission ended; nil while it has not.
    package func result(of id: String) throws -> IngestionResult? {
        let path = "\(done)/\(Self.name(of: id))"
        guard access(path, F_OK) == 0 else { return nil }
        guard case .finished(let result)? = try SagaRecord.read(path).history.last else {
            throw JournalError(
                path: path, what: "the end of a finished saga is missing",
                remedy: "compare the document's stores by hand, then move the file away")
        }
        return result
    }

    func begin(_ request: IngestionRequest) throws -> SagaRecord {
        for folder in [open, done] { try Disk.makeFolders(folder) }
        return try SagaRecord.begin(request, at: path(of: request), in: open)
    }

    /// There is a journal of this submission, whole or damaged.
    func hasBegun(_ request: IngestionRequest) -> Bool {
        let paths = [path(of: request), "\(done)/\(Self.name(of: request.id))"]
        return paths.contains { (path: String) in access(path, F_OK) == 0 }
    }

    private func path(of request: IngestionRequest) -> String {
        "\(open)/\(Self.name(of: request.document))-\(Self.name(of: request.id))"
    }

    /// Journals of sagas that have not ended, those of one document or all; by their paths.
    func unfinishedPaths(of document: String? = nil) -> [String] {
        let prefix = document.map { Self.name(of: $0) + "-" } ?? ""
        return Disk.names(in: open).filter { $0.hasPrefix(prefix) }.map { "\(open)/\($0)" }
    }

    /// Opens one of `unfinishedPaths`, whose document is locked.
    ///
    /// - Returns: nil when there is nothing to go on with: it has ended meanwhile, or never begun.
    func reopen(_ path: String) throws -> SagaRecord? {
        guard access(path, F_OK) == 0 else { return nil }
        guard let record = try SagaRecord.open(path) else {
            unlink(path)
            return nil
        }
        guard record.result == nil else {
            try file(record)
            return nil
        }
        return record
    }

    /// Puts a finished saga where it is found by its id, and forgets what its undo would have needed.
    func file(_ record: SagaRecord) throws {
        let name = Self.name(of: record.request.id)
        // In this order a worker that dies in between leaves none: whoever finds the record does both again.
        snapshots.remove(saga: name)
        guard rename(record.path, "\(done)/\(name)") == 0 else {
            throw JournalError.failed("move", record.path, errno)
        }
    }

    // MARK: One saga a document

    /// Returns when nobody else, in this process or another, runs a saga of the document. Waits in line.
    func lock(_ document: String) async throws -> DocumentLock {
        await queue.enter(document)
        do {
            try Disk.makeFolders(locks)
            while true {
                if let lock = try DocumentLock(path: lockPath(document)) { return lock }
                // A lock of another process; the kernel tells nobody when it comes free without blocking a thread.
                try? await ContinuousClock().sleep(for: .milliseconds(20))
            }
        } catch {
            queue.leave(document)
            throw error
        }
    }

    /// nil when somebody runs a saga of the document.
    func lockIfFree(_ document: String) throws -> DocumentLock? {
        guard queue.enterIfFree(document) else { return nil }
        do {
            try Disk.makeFolders(locks)
            if let lock = try DocumentLock(path: lockPath(document)) { return lock }
        } catch {
            queue.leave(document)
            throw error
        }
        queue.leave(document)
        return nil
    }

    func unlock(_ lock: DocumentLock, _ document: String) {
        lock.release()
        queue.leave(document)
    }

    private func lockPath(_ document: String) -> String { "\(locks)/\(Self.name(of: document))" }

    /// A file name for any id.
    static func name(of id: String) -> String { String(SHA256.hex(id).prefix(32)) }
}

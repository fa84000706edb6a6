import Consistency
import Foundation
import Glibc

/// What stood in stores before sagas changed them, a file each: a line of JSON, then the vectors as they are in memory.
struct SnapshotFiles: Sendable {
    let folder: String

    private struct Head: Codable {
        /// nil when nothing stood there.
        var document: ProcessedDocument?
        var vectors: Int
        var dimensions: Int
    }

    /// On the disk when this returns.
    func save(_ document: ProcessedDocument?, saga: String, store: Store) throws {
        try Disk.makeFolders(folder)
        var head = Head(
            document: document, vectors: document?.vectors.count ?? 0,
            dimensions: document?.vectors.first?.count ?? 0)
        head.document?.vectors = []
        var bytes = Array(try JSONEncoder().encode(head))
        bytes.append(UInt8(ascii: "\n"))
        for vector in document?.vectors ?? [] { vector.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        let path = path(saga, store)
        let descriptor = open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw JournalError.failed("create", path, errno) }
        defer { close(descriptor) }
        try Disk.write(bytes, to: descriptor, of: path)
        guard fsync(descriptor) == 0 else { throw JournalError.failed("flush", path, errno) }
        guard rename(path + ".new", path) == 0 else { throw JournalError.failed("move", path, errno) }
        try Disk.sync(folder: folder)
    }

    /// What stood there; nil when nothing did.
    func load(saga: String, store: Store) throws -> ProcessedDocument? {
        let path = path(saga, store)
        let bytes = try LocalFile.read(path)
        let damaged = JournalError(
            path: path, what: "the snapshot is damaged", remedy: "compare the document's stores by hand")
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let head = try? JSONDecoder().decode(Head.self, from: Data(bytes[..<end]))
        else { throw damaged }
        guard var document = head.document else { return nil }
        let size = head.dimensions * MemoryLayout<Float>.size
        guard bytes.count == end + 1 + head.vectors * size else { throw damaged }
        document.vectors = bytes.withUnsafeBytes { raw in
            (0..<head.vectors).map { index in
                let start = end + 1 + index * size
                return [Float](unsafeUninitializedCapacity: head.dimensions) { buffer, count in
                    UnsafeMutableRawBufferPointer(buffer).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: raw[start..<start + size]))
                    count = head.dimensions
                }
            }
        }
        return document
    }

    /// Those that aren't there are fine.
    func remove(saga: String) {
        for store in Store.allCases {
            unlink(path(saga, store))
            unlink(path(saga, store) + ".new")
        }
    }

    private func path(_ saga: String, _ store: Store) -> String { "\(folder)/\(saga)-\(store.rawValue)" }
}

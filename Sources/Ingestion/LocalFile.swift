import Glibc

/// Files of the worker's own, on the local disk.
enum LocalFile {
    /// The whole content.
    static func read(_ path: String) throws -> [UInt8] {
        try read(path, upTo: Int.max)
    }

    /// The first bytes.
    static func read(_ path: String, upTo limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        while content.count < limit {
            let room = min(limit - content.count, 1 << 20)
            var count = 0
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
                count = Glibc.read(descriptor, buffer.baseAddress, room)
                filled = max(count, 0)
            }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { break }
            content.append(contentsOf: piece)
        }
        return content
    }

    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("create", path) }
    }

    static func move(_ path: String, to target: String) throws {
        guard rename(path, target) == 0 else { throw failure("rename", path) }
    }

    /// A file that is gone already is fine.
    static func remove(_ path: String) {
        unlink(path)
    }

    private static func failure(_ operation: String, _ path: String) -> IngestionError {
        IngestionError(.localFile, "cannot \(operation) \(path): \(String(cString: strerror(errno)))")
    }
}

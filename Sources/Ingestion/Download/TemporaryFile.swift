import Glibc
import Synchronization

/// The place of one downloaded object: removed on every way out of `withTemporaryFile`, under whichever name it has then.
package final class TemporaryFile: Sendable {
    private let current: Mutex<String>

    /// Where the bytes are.
    package var path: String { current.withLock { $0 } }

    private init(path: String) {
        current = Mutex(path)
    }

    /// Gives the file its extension, once it is known; nil leaves it without.
    package func setExtension(_ fileExtension: String?) throws {
        guard let fileExtension else { return }
        try current.withLock { path in
            let named = path + "." + fileExtension
            try LocalFile.move(path, to: named)
            path = named
        }
    }

    /// Calls `body` with a fresh path in `folder` (made when missing); the file itself is `body`'s to create.
    package static func with<Result>(
        in folder: String, _ body: (TemporaryFile) async throws -> Result
    ) async throws -> Result {
        try LocalFile.makeFolder(folder)
        let serial = next.wrappingAdd(1, ordering: .relaxed).oldValue
        let file = TemporaryFile(path: "\(folder)/download-\(getpid())-\(serial)")
        defer { LocalFile.remove(file.path) }
        return try await body(file)
    }

    private static let next = Atomic<UInt64>(0)
}

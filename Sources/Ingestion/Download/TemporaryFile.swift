import Glibc
import Synchronization

/// The place of one downloaded object: removed on every way out of `withTemporaryFile`, under whichever name it has then.
package final class TemporaryFile: Sendable {
    private let current: Mutex<String>
    /// Without an extension.
    private let base: String

    /// Where the bytes are.
    package var path: String { current.withLock { $0 } }

    private init(path: String) {
        base = path
        current = Mutex(path)
    }

    /// The place of a file that is known by its name, so that whoever comes after a dead worker finds it.
    init(in folder: String, named name: String) {
        base = "\(folder)/\(name)"
        current = Mutex(base)
    }

    /// Makes the folder, and forgets an earlier extension.
    func prepare() throws {
        guard let slash = base.lastIndex(of: "/") else { return }
        try Disk.makeFolders(String(base[..<slash]))
        removeAll()
    }

    /// Removes the file under whichever name it has, also one that a dead worker left.
    func removeAll() {
        guard let slash = base.lastIndex(of: "/") else { return }
        let (folder, name) = (base[..<slash], base[base.index(after: slash)...])
        for found in Disk.names(in: String(folder)) where found == name || found.hasPrefix(name + ".") {
            LocalFile.remove("\(folder)/\(found)")
        }
        current.withLock { $0 = base }
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

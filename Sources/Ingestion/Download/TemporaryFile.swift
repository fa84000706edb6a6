import Glibc
import Synchronization

/// The place of one downloaded object: removed on every way out of `withTemporaryFile`, under whichever name it has then.
package final class TemporaryFile: Sendable {
    private let current: Mutex<String>
    /// Without an extension.
    private let base: String
    /// What the names of all owners' files begin with.
    private let common: String

    /// Where the bytes are.
    package var path: String { current.withLock { $0 } }

    private init(path: String) {
        base = path
        common = path
        current = Mutex(path)
    }

    /// The place of a file that is known by its name, so that whoever comes after a dead worker finds it.
    /// - Parameter owner: has a file of its own beside those of other owners; nil when there is but one.
    init(in folder: String, named name: String, owner: String? = nil) {
        common = "\(folder)/\(name)"
        base = owner.map { "\(folder)/\(name)-\($0)" } ?? common
        current = Mutex(base)
    }

    /// Makes the folder, and forgets an earlier extension.
    func prepare() throws {
        guard let slash = base.lastIndex(of: "/") else { return }
        try Disk.makeFolders(String(base[..<slash]))
        remove(base) { $0.hasPrefix(".") }
    }

    /// Removes the file under whichever name it has, those of all owners, and those that dead workers left.
    func removeAll() {
        remove(common) { $0.hasPrefix(".") || $0.hasPrefix("-") }
    }

    /// - Parameter isRest: whether a name that goes on so after the path is one of the file's.
    private func remove(_ path: String, isRest: (Substring) -> Bool) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let (folder, name) = (path[..<slash], path[path.index(after: slash)...])
        for found in Disk.names(in: String(folder)) where found.hasPrefix(name) {
            let rest = found.dropFirst(name.count)
            if rest.isEmpty || isRest(rest) { LocalFile.remove("\(folder)/\(found)") }
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

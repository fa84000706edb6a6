import Foundation

/// A folder for one test's files.
struct ScratchFolder {
    let path: String

    static func with(_ body: (ScratchFolder) throws -> Void) throws {
        let folder = ScratchFolder(path: NSTemporaryDirectory() + "faultline-standing-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        try body(folder)
    }

    /// - Returns: the file's path.
    @discardableResult
    func write(_ text: String, to name: String = "proxy.yaml") throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}

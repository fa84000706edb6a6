import Foundation
import Glibc

/// One process at a time runs experiments on a stack: what another one is half-way through would be taken for damage.
package final class RunTurn: Sendable {
    private let descriptor: Int32
    private static let pollEvery = Duration.milliseconds(200)

    /// Waits for its turn. The turn ends with the value, or with the process.
    ///
    /// - Parameters:
    ///   - file: made when missing; names whoever has the turn.
    ///   - waiting: called once when somebody else has it, with its process id where that is known.
    package init(file: String, waiting: (Int32?) -> Void) async throws {
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw RunError(
                what: "\(file) cannot be opened: \(String(cString: strerror(errno)))",
                mend: "make the folder writable, or set FAULTLINE_HOME to one that is")
        }
        var isTold = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if !isTold {
                let text = FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
                waiting(text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
            }
            isTold = true
            try await Task.sleep(for: Self.pollEvery)
        }
        let name = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, name, name.count, 0)
    }

    deinit { close(descriptor) }
}

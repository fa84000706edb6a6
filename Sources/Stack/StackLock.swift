import Foundation
import Glibc

/// Held by whoever changes a stack; the kernel lets go of it when the holder dies.
struct StackLock {
    private let descriptor: Int32

    /// Takes the lock for `purpose`, or throws with the holder's own words.
    init(home: StackHome, purpose: String) throws {
        try FileManager.default.createDirectory(atPath: home.stack, withIntermediateDirectories: true)
        let path = home.lockFile
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw StackError(what: "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            let holder = SmallFile.text(path)?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            throw StackError(
                what: "another faultline is at work on this stack: " + (holder.isEmpty ? "just started" : holder),
                remedy: "wait until it is done, or end that process (lock: \(path))")
        }
        descriptor = file
        let words = "process \(getpid()), `\(purpose)`\n"
        ftruncate(file, 0)
        _ = words.withCString { write(file, $0, strlen($0)) }
    }

    func release() {
        ftruncate(descriptor, 0)
        close(descriptor)
    }
}

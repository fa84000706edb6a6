import Glibc

/// The journal cannot be trusted or written: which file, what is wrong with it, how to mend it.
package struct JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var what: String
    package var remedy: String

    package init(path: String, what: String, remedy: String) {
        self.path = path
        self.what = what
        self.remedy = remedy
    }

    package var description: String { "\(path): \(what); \(remedy)" }

    /// A call on a file failed, with the system's own words.
    static func failed(_ operation: String, _ path: String, _ code: Int32) -> JournalError {
        JournalError(
            path: path, what: "cannot \(operation): \(String(cString: strerror(code)))",
            remedy: "make room, or make the folder writable")
    }
}

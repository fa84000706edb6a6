/// A file of a run that cannot be read: where, what, and how to mend it.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String
    package var what: String
    package var mend: String

    package init(file: String, what: String, mend: String) {
        self.file = file
        self.what = what
        self.mend = mend
    }

    package var description: String { "\(file): \(what); \(mend)" }
}

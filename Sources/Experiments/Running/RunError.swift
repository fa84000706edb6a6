/// A run that could not be carried through by a fault of faultline's own: what, and how to mend it.
package struct RunError: Error, Hashable, Sendable, CustomStringConvertible {
    package var what: String
    package var mend: String

    package init(what: String, mend: String) {
        self.what = what
        self.mend = mend
    }

    package var description: String { "\(what); \(mend)" }
}

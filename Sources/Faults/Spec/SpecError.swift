/// A configuration file says something that cannot be done: where, what, and how to mend it.
package struct SpecError: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String
    /// Counts from one.
    package var line: Int
    /// The value inside the file: `faults[0].inject.latency`; empty for the file as a whole.
    package var path: String
    /// Completes a sentence that begins with the path: `has no option 'jiter'`.
    package var what: String
    package var mend: String?

    package init(file: String, line: Int, path: String, what: String, mend: String? = nil) {
        self.file = file
        self.line = line
        self.path = path
        self.what = what
        self.mend = mend
    }

    /// `FILE:LINE: faults[0].inject.latency has no option 'jiter'; known options: delay, jitter (did you mean 'jitter'?)`.
    package var description: String {
        let sentence = "\(file):\(line): \(path.isEmpty ? "the file" : path) \(what)"
        return mend.map { "\(sentence); \($0)" } ?? sentence
    }
}

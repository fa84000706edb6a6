import Foundation

/// Notices when a file says something else than before, whether it was written in place or another was put in its place.
package struct FileWatch: Sendable {
    /// What of a file changes when it is written.
    private struct Mark: Hashable {
        var number: Int
        var size: Int
        var written: Date

        /// `nil` for a file that is not there, or cannot be looked at.
        init?(of path: String) {
            // Kubernetes changes a file by where a link leads.
            let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
                let number = attributes[.systemFileNumber] as? Int, let size = attributes[.size] as? Int,
                let written = attributes[.modificationDate] as? Date
            else { return nil }
            (self.number, self.size, self.written) = (number, size, written)
        }
    }

    private let path: String
    private let clock: LiveClock
    private let first: Mark?
    /// One who writes a file in several goes is done when it has not changed for so long.
    package static let pause = Duration.milliseconds(250)

    /// What changes from now on is noticed, if `run` comes later too.
    package init(_ path: String, clock: LiveClock = .continuous) {
        self.path = path
        self.clock = clock
        first = Mark(of: path)
    }

    /// Watches until its task is cancelled.
    ///
    /// - Parameter onChange: called once the file has changed and then stayed as it is for a while.
    package func run(onChange: @Sendable () async -> Void) async {
        var known = first
        var latest = known
        while (try? await clock.sleep(Self.pause)) != nil, !Task.isCancelled {
            let mark = Mark(of: path)
            // A file that is not there is about to be there again, or its absence is no wish.
            if let mark, mark == latest, mark != known {
                known = mark
                await onChange()
            }
            latest = mark
        }
    }
}

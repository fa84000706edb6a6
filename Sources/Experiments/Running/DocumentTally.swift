import Synchronization

/// Counts documents that are done, and tells of each in the order of counting.
final class DocumentTally: Sendable {
    private let done = Mutex(0)
    private let all: Int
    private let progress: @Sendable (RunProgress) -> Void

    init(of all: Int, progress: @escaping @Sendable (RunProgress) -> Void) {
        self.all = all
        self.progress = progress
        progress(.documents(done: 0, of: all, struck: 0))
    }

    func add(struck: Int) {
        done.withLock { count in
            count += 1
            progress(.documents(done: count, of: all, struck: struck))
        }
    }
}

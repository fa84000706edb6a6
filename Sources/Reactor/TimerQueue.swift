/// A binary heap of deadlines; equal deadlines fire in the order in which they were set.
struct TimerQueue {
    private struct Entry {
        var deadline: Nanoseconds
        var order: UInt64
        var source: EventSource
        var tag: Int

        func fires(before other: Entry) -> Bool {
            deadline != other.deadline ? deadline < other.deadline : order < other.order
        }
    }

    private var heap: [Entry] = []
    private var nextOrder: UInt64 = 0

    /// The next deadline, or `nil` when no timer is set.
    var next: Nanoseconds? { heap.first?.deadline }

    mutating func add(deadline: Nanoseconds, source: EventSource, tag: Int) {
        heap.append(Entry(deadline: deadline, order: nextOrder, source: source, tag: tag))
        nextOrder += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].fires(before: heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the earliest timer whose deadline is not after `now`.
    mutating func popDue(_ now: Nanoseconds) -> (source: EventSource, tag: Int)? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown()
        }
        return (first.source, first.tag)
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].fires(before: heap[smallest]) { smallest = child }
            }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}

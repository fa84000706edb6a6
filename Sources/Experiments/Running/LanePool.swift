/// Lends lanes, so that in each lives one document at a time.
actor LanePool {
    private var free: [Int]
    private var waiting: [(count: Int, continuation: CheckedContinuation<[Int], Never>)] = []
    private let all: Int

    init(lanes: Int) {
        precondition(lanes > 0)
        all = lanes
        free = Array(0..<lanes)
    }

    /// Waits until so many lanes are free at once, in the order of asking; never more than there are.
    func take(_ count: Int) async -> [Int] {
        let count = min(count, all)
        if waiting.isEmpty, free.count >= count { return lend(count) }
        return await withCheckedContinuation { waiting.append((count, $0)) }
    }

    func give(back lanes: [Int]) {
        free.append(contentsOf: lanes)
        while let first = waiting.first, free.count >= first.count {
            waiting.removeFirst()
            first.continuation.resume(returning: lend(first.count))
        }
    }

    private func lend(_ count: Int) -> [Int] {
        defer { free.removeFirst(count) }
        return Array(free.prefix(count))
    }
}

/// Work on many things with a limit on how many are under way.
enum Bounded {
    /// Answers in order. The first error cancels the rest.
    static func map<Value: Sendable>(
        _ count: Int, atOnce limit: Int, _ work: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var values = [Value?](repeating: nil, count: count)
            var next = 0
            while next < min(limit, count) {
                let index = next
                group.addTask { (index, try await work(index)) }
                next += 1
            }
            while let (index, value) = try await group.next() {
                values[index] = value
                guard next < count else { continue }
                let following = next
                group.addTask { (following, try await work(following)) }
                next += 1
            }
            return values.compactMap { $0 }
        }
    }
}

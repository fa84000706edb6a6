import Consistency
import Faults
import Ingestion
import Proxy

/// Asks a pipeline for everything that a workload wants, a document a lane.
struct WorkloadDriver: Sendable {
    /// One submission before it is made.
    struct Order: Sendable {
        var task: PipelineTask
        /// Of the source; nil for a deletion.
        var digest: String?
    }

    /// One submission and what became of it.
    struct Answered: Sendable {
        var order: Order
        var answer: PipelineAnswer
        var stay: Stay
    }

    let pipeline: any Pipeline
    let links: any LinkControl
    let lanes: Int
    /// Submissions under way at a time; more than there are lanes have to share them.
    let concurrency: Int
    var progress: @Sendable (RunProgress) -> Void = { _ in }

    /// How long submissions may take once the limit has passed and the faults are healed.
    private static let grace = Duration.seconds(30)

    /// The members of a group are asked for at the same time.
    ///
    /// - Parameters:
    ///   - limit: a workload that takes longer is healed, and then abandoned.
    ///   - heal: ends all faults.
    /// - Returns: in the order in which the answers came.
    func drive(
        _ groups: [[Order]], within limit: Duration, heal: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> (answered: [Answered], isLate: Bool) {
        try await withTaskCancellationHandler {
            try await race(groups, within: limit, heal: heal)
        } onCancel: {
            // What is under way is undone, which the faults would hinder, and at last given up.
            Task {
                try? await heal()
                try? await Task.sleep(for: Self.grace)
                await pipeline.stop()
            }
        }
    }

    private func race(
        _ groups: [[Order]], within limit: Duration, heal: @escaping @Sendable () async throws -> Void
    ) async throws -> (answered: [Answered], isLate: Bool) {
        try await withThrowingTaskGroup(of: [Answered]?.self) { group in
            group.addTask { try await all(groups) }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            var isLate = false
            while let answer = try await group.next() {
                if let answered = answer {
                    group.cancelAll()
                    return (answered.sorted { $0.stay.to < $1.stay.to }, isLate)
                }
                if isLate {
                    group.cancelAll()
                    await pipeline.stop()
                } else {
                    isLate = true
                    try await heal()
                    group.addTask {
                        try await Task.sleep(for: Self.grace)
                        return nil
                    }
                }
            }
            return ([], isLate)
        }
    }

    private func all(_ groups: [[Order]]) async throws -> [Answered] {
        let pool = LanePool(lanes: concurrency)
        let tally = DocumentTally(of: groups.reduce(0) { $0 + $1.count }, progress: progress)
        return try await withThrowingTaskGroup(of: [Answered].self) { tasks in
            var answered: [Answered] = []
            for group in groups {
                let slots = await pool.take(group.count)
                guard !Task.isCancelled else { break }
                tasks.addTask {
                    do {
                        let answered = try await together(group, in: slots, tally: tally)
                        await pool.give(back: slots)
                        return answered
                    } catch {
                        await pool.give(back: slots)
                        throw error
                    }
                }
            }
            for try await some in tasks { answered += some }
            return answered
        }
    }

    /// With fewer slots than members some have to wait for others.
    private func together(_ group: [Order], in slots: [Int], tally: DocumentTally) async throws -> [Answered] {
        try await withThrowingTaskGroup(of: [Answered].self) { tasks in
            for (index, slot) in slots.enumerated() {
                let mine = stride(from: index, to: group.count, by: slots.count).map { group[$0] }
                tasks.addTask {
                    var answered: [Answered] = []
                    for order in mine { answered.append(try await one(order, lane: slot % lanes, tally: tally)) }
                    return answered
                }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
    }

    private func one(_ order: Order, lane: Int, tally: DocumentTally) async throws -> Answered {
        let began = try await links.now()
        let answer = await pipeline.submit(order.task, lane: lane)
        let ended = try await links.now()
        tally.add(struck: try await links.progress().values.filter(\.isDamage).reduce(0) { $0 + $1.struck })
        let stay = Stay(
            lane: lane, document: order.task.document, submission: order.task.submission, from: began, to: ended)
        return Answered(order: order, answer: answer, stay: stay)
    }
}

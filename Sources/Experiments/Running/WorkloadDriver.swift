import Consistency
import Faults
import Ingestion
import Proxy
import Synchronization

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

    /// Why a workload was given up.
    enum Late: Hashable, Sendable {
        case outOfTime(Duration)
        case atAStandstill(Duration)

        var words: String {
            switch self {
            case .outOfTime(let limit): "did not end within \(limit)"
            case .atAStandstill(let time): "stood still: no document was done within \(time)"
            }
        }
    }

    /// How long a workload may take.
    struct Limits: Sendable {
        /// All of it, before it is healed.
        var whole: Duration
        /// Without an answer, before it is healed; nil for a pipeline that itself ends what takes too long.
        var standstill: Duration?
        /// Once it is healed, before it is given up; after a standstill without an answer.
        var healed: Duration
    }

    let pipeline: any Pipeline
    let links: any LinkControl
    let lanes: Int
    /// Submissions under way at a time; more than there are lanes have to share them.
    let concurrency: Int
    /// How often faults have struck so far.
    let struck: @Sendable () async throws -> Int
    var progress: @Sendable (RunProgress) -> Void = { _ in }

    /// The members of a group are asked for at the same time.
    ///
    /// - Parameters:
    ///   - limits: a workload that takes longer is healed, and then abandoned.
    ///   - heal: ends all faults.
    /// - Returns: in the order in which the answers came.
    func drive(
        _ groups: [[Order]], within limits: Limits, heal: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> (answered: [Answered], late: Late?) {
        try await withTaskCancellationHandler {
            try await race(groups, within: limits, heal: heal)
        } onCancel: {
            // What is under way is undone, which the faults would hinder, and at last given up.
            Task {
                try? await heal()
                try? await Task.sleep(for: limits.healed)
                await pipeline.stop()
            }
        }
    }

    private enum Happening: Sendable {
        case all([Answered])
        case late(Late)
        /// A time that was not waited for to its end.
        case nothing

        static func after(_ wait: () async throws -> Void, _ late: Late) async -> Happening {
            do { try await wait() } catch { return .nothing }
            return .late(late)
        }
    }

    private func race(
        _ groups: [[Order]], within limits: Limits, heal: @escaping @Sendable () async throws -> Void
    ) async throws -> (answered: [Answered], late: Late?) {
        let latest = LatestAnswer()
        return try await withThrowingTaskGroup(of: Happening.self) { group in
            group.addTask { .all(try await all(groups, latest)) }
            group.addTask { await .after({ try await Task.sleep(for: limits.whole) }, .outOfTime(limits.whole)) }
            group.addTask {
                do { try await links.untilLost() } catch let lost as LinksLost { throw lost } catch {}
                return .nothing
            }
            if let standstill = limits.standstill {
                group.addTask { await .after({ try await latest.wait(for: standstill) }, .atAStandstill(standstill)) }
            }
            var late: Late?
            while let happening = try await next(of: &group) {
                switch (happening, late) {
                case (.all(let answered), _):
                    group.cancelAll()
                    return (answered.sorted { $0.stay.to < $1.stay.to }, late)
                case (.nothing, _): break
                case (.late(let reason), nil):
                    late = reason
                    try await heal()
                    latest.note()
                    group.addTask {
                        await .after(
                            {
                                if case .outOfTime = reason { return try await Task.sleep(for: limits.healed) }
                                try await latest.wait(for: limits.healed)
                            }, reason)
                    }
                case (.late, .some):
                    group.cancelAll()
                    await pipeline.stop()
                }
            }
            return ([], late)
        }
    }

    /// What is under way would try for ever to undo itself through links that are gone.
    private func next(of group: inout ThrowingTaskGroup<Happening, any Error>) async throws -> Happening? {
        do {
            return try await group.next()
        } catch {
            group.cancelAll()
            if !Task.isCancelled { await pipeline.stop() }
            throw error
        }
    }

    private func all(_ groups: [[Order]], _ latest: LatestAnswer) async throws -> [Answered] {
        let pool = LanePool(lanes: concurrency)
        let tally = DocumentTally(of: groups.reduce(0) { $0 + $1.count }, progress: progress)
        return try await withThrowingTaskGroup(of: [Answered].self) { tasks in
            var answered: [Answered] = []
            for group in groups {
                let slots = await pool.take(group.count)
                guard !Task.isCancelled else { break }
                tasks.addTask {
                    do {
                        let answered = try await together(group, in: slots, tally: tally, latest)
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
    private func together(
        _ group: [Order], in slots: [Int], tally: DocumentTally, _ latest: LatestAnswer
    ) async throws -> [Answered] {
        try await withThrowingTaskGroup(of: [Answered].self) { tasks in
            for (index, slot) in slots.enumerated() {
                let mine = stride(from: index, to: group.count, by: slots.count).map { group[$0] }
                tasks.addTask {
                    var answered: [Answered] = []
                    for order in mine {
                        answered.append(try await one(order, lane: slot % lanes, tally: tally))
                        latest.note()
                    }
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
        tally.add(struck: try await struck())
        let stay = Stay(
            lane: lane, document: order.task.document, submission: order.task.submission, from: began, to: ended)
        return Answered(order: order, answer: answer, stay: stay)
    }
}

/// When a submission was answered last.
private final class LatestAnswer: Sendable {
    private let time = Mutex(ContinuousClock.now)

    func note() { time.withLock { $0 = .now } }

    /// Until nothing has been answered for so long.
    func wait(for length: Duration) async throws {
        while true {
            let end = time.withLock { $0 } + length
            guard end > .now else { return }
            try await Task.sleep(until: end, clock: .continuous)
        }
    }
}

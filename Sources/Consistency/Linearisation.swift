/// What submissions of one document may leave, over all orders that their precedence allows.
struct Linearisation {
    typealias State = DocumentCase.State

    /// Sets of done submissions that are followed at once. Beyond, every effect is taken to be possible.
    private static let frontierMax = 4096

    private let effective: [Submission]
    private let precedence: Precedence

    init(_ submissions: [Submission]) {
        effective = submissions.filter { $0.result != .rolledBack }
        precedence = Precedence(effective)
    }

    var final: Set<State> {
        let before = effective.indices.map { index in
            Set(effective.indices.filter { precedence.isBefore($0, index) })
        }
        var frontier: [Set<Int>: Set<State>] = [[]: [.absent]]
        for _ in effective {
            var next: [Set<Int>: Set<State>] = [:]
            for (done, states) in frontier {
                for index in effective.indices where !done.contains(index) && before[index].isSubset(of: done) {
                    next[done.union([index]), default: []].formUnion(Self.apply(effective[index], to: states))
                }
            }
            guard next.count <= Self.frontierMax else { return widest }
            frontier = next
        }
        return frontier.values.reduce(into: []) { $0.formUnion($1) }
    }

    /// Too many at once to follow: whatever any of them may leave.
    private var widest: Set<State> {
        effective.reduce(into: [.absent]) { states, submission in
            states.formUnion(Self.apply(submission, to: states))
        }
    }

    private static func apply(_ submission: Submission, to states: Set<State>) -> Set<State> {
        let after = effect(of: submission, on: states)
        return submission.result == .succeeded ? after : states.union(after)
    }

    private static func effect(of submission: Submission, on states: Set<State>) -> Set<State> {
        switch submission.kind {
        case .delete: [.absent]
        case .ingest, .reingest: [.present(digest: submission.contentDigest)]
        case .duplicate where submission.contentDigest != nil: [.present(digest: submission.contentDigest)]
        case .duplicate: Set(states.map { $0 == .absent ? .present(digest: nil) : $0 })
        }
    }
}

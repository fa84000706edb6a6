/// What comes out of judging. Violated beats inconclusive, which beats held.
package enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    case held, inconclusive, violated

    /// The verdict over several. Of none, it is inconclusive: what wasn't judged isn't held.
    package static func merging(_ verdicts: some Sequence<Verdict>) -> Verdict {
        verdicts.max { $0.weight < $1.weight } ?? .inconclusive
    }

    private var weight: Int {
        switch self {
        case .held: 0
        case .inconclusive: 1
        case .violated: 2
        }
    }
}

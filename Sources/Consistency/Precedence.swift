/// Which submissions of one document ended before others began. Those between which it says nothing overlapped: they may have
/// taken effect in either order.
struct Precedence {
    private let submissions: [Submission]
    /// Without all times, the order in which the results were recorded is the order of effects.
    private let isTimed: Bool

    init(_ submissions: [Submission]) {
        self.submissions = submissions
        isTimed = submissions.allSatisfy { $0.isBaseline || $0.began != nil }
    }

    /// By position in the list.
    func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (first, second) = (submissions[left], submissions[right])
        guard isTimed, !first.isBaseline || !second.isBaseline else { return left < right }
        if first.isBaseline || second.isBaseline { return first.isBaseline }
        // Nobody knows when an unknown one will have taken effect: it may be under way still.
        guard first.result != .unknown, let ended = first.ended, let began = second.began else { return false }
        return ended <= began
    }
}

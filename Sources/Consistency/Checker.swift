/// Judges a world by all invariants.
package enum Checker {
    /// Every invariant, in the order of reports.
    package static let invariants: [any Invariant] = [
        Atomic(),
        Complete(),
        SameContent(),
        RightVectors(),
        NoDuplicates(),
        NoOrphans(),
        ResultAgrees(),
        Restored(),
        NoResidue(),
        NoBypass(),
    ]

    package static func check(_ world: World, by invariants: [any Invariant] = invariants) -> Judgement {
        Judgement(
            findings: invariants.map { invariant in
                let type = type(of: invariant)
                return Judgement.Entry(invariant: type.name, title: type.title, finding: ask(invariant, about: world))
            })
    }

    private static func ask(_ invariant: any Invariant, about world: World) -> Finding {
        do {
            switch try invariant.check(world) {
            case .holds(let checked) where checked < 1: return .unknown("nothing was there to check")
            case .violated(let violations) where violations.isEmpty:
                return .unknown("violated, but it names no violation")
            case let finding: return finding
            }
        } catch {
            return .unknown("the check failed: \(error)")
        }
    }
}

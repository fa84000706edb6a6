package import Consistency

/// The findings of all invariants, for a terminal.
package struct JudgementText: CustomStringConvertible {
    private static let shownMax = 10
    private let judgement: Judgement
    private let world: World
    private let place: String

    /// - Parameter place: the file that the world was read from.
    package init(_ judgement: Judgement, of world: World, in place: String) {
        self.judgement = judgement
        self.world = world
        self.place = place
    }

    package var description: String {
        let documents = world.documents.count
        var lines = [
            "\(judgement.verdict.rawValue.uppercased())  \(place): \(judgement.findings.count) invariants over "
                + "\(documents) document\(documents == 1 ? "" : "s") of run \(world.run)"
        ]
        let width = judgement.findings.map(\.invariant.count).max() ?? 0
        for entry in judgement.findings {
            let name = entry.invariant.padding(width)
            switch entry.finding {
            case .holds(let checked): lines.append("  held      \(name)  true of \(checked)")
            case .unknown(let reason): lines.append("  unknown   \(name)  \(reason)")
            case .notAsked(let reason): lines.append("  not asked \(name)  \(reason)")
            case .violated(let violations):
                lines.append("  VIOLATED  \(name)  \(violations.count) time\(violations.count == 1 ? "" : "s")")
                lines += ViolationText.lines(violations, max: Self.shownMax)
                if violations.count > Self.shownMax {
                    lines.append("    and \(violations.count - Self.shownMax) more; --format json has them all")
                }
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// Filled up with spaces.
    func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// A claim about every world that a correct pipeline leaves. Pure, so that a saved world can be judged again.
package protocol Invariant: Sendable {
    /// As in reports: `no-orphans`.
    static var name: String { get }
    /// The claim in a sentence.
    static var title: String { get }
    /// - Throws: when it cannot judge; that counts as unknown.
    func check(_ world: World) throws -> Finding
}

extension Invariant {
    func violation(_ document: String?, _ stores: [Store], expected: String, found: String) -> Violation {
        Violation(invariant: Self.name, document: document, stores: stores, expected: expected, found: found)
    }

    /// Violations beat gaps, gaps beat a count, and nothing counted is nothing known.
    func finding(_ violations: [Violation], gap: String?, checked: Int, nothing: String) -> Finding {
        if !violations.isEmpty { return .violated(violations) }
        if let gap { return .unknown(gap) }
        return checked > 0 ? .holds(checked: checked) : .unknown(nothing)
    }
}

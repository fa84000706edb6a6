/// Reads `{ header, key, document, source-port }`, each one value or a list of them.
package enum ScopeReader {
    /// As many marks of a kind as are looked through for each message.
    static let marksMax = 1000

    /// - Throws: where nothing is in it.
    package static func read(_ node: SpecNode, at place: SpecPlace) throws(SpecError) -> Scope {
        var spec = try Spec(node, at: place)
        let scope = Scope(
            headers: try marks("header", .header, &spec), keys: try marks("key", .name, &spec).map(Glob.init),
            documents: try marks("document", .name, &spec), ports: try marks("source-port", .ports, &spec))
        try spec.finish()
        guard scope != Scope() else {
            throw place.error(
                "has no mark, and everything would be in it", mend: "add 'header', 'key', 'document' or 'source-port'")
        }
        return scope
    }

    private static func marks<Value>(
        _ key: String, _ type: SpecType<Value>, _ spec: inout Spec
    ) throws(SpecError) -> [Value] {
        let marks = try spec.optional(key, .oneOrMore(type)) ?? []
        guard marks.count <= marksMax else {
            throw spec.error(key, "has \(marks.count) marks", mend: "there can be \(marksMax); a pattern is one")
        }
        return marks
    }
}

extension SpecType where Value == ClosedRange<Int> {
    /// `40000` or `40000-40099`.
    fileprivate static var ports: SpecType {
        .scalar("a port", example: "40000-40099", mend: "write one such as 40000, or 40000-40099") { text in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0).map(Int.init) }
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first > 0, first <= last else {
                return nil
            }
            return first...last
        }
    }
}

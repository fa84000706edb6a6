import Consistency

/// Violations as lines of text: which document, in which stores, what was expected, what was found.
enum ViolationText {
    static func lines(_ violations: [Violation], max: Int = .max) -> [String] {
        violations.prefix(max).flatMap { violation -> [String] in
            let stores = violation.stores.map(\.rawValue).joined(separator: ", ")
            let subject = [violation.document.map { "document \($0)" }, stores.isEmpty ? nil : "in \(stores)"]
                .compactMap { $0 }.joined(separator: ", ")
            return (subject.isEmpty ? [] : ["    \(subject)"]) + [
                "      expected  \(violation.expected)", "      found     \(violation.found)",
            ]
        }
    }
}

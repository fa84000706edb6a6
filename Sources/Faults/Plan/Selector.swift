package import Wire

/// Which messages a fault strikes: by what they are, then by how often.
package struct Selector: Hashable, Sendable {
    package var operation: Glob?
    /// `nil` strikes both directions.
    package var direction: Direction?
    /// The nth matching message alone, counting from 1.
    package var nth: Int?
    /// The first so many matching messages.
    package var first: Int?
    /// The first so many attempts of each call.
    package var firstPerCall: Int?
    /// The chance of each matching message, from 0 to 1.
    package var probability: Double?

    package init(
        operation: Glob? = nil, direction: Direction? = nil, nth: Int? = nil, first: Int? = nil,
        firstPerCall: Int? = nil, probability: Double? = nil
    ) {
        self.operation = operation
        self.direction = direction
        self.nth = nth
        self.first = first
        self.firstPerCall = firstPerCall
        self.probability = probability
    }

    /// Reads `when: { ... }`.
    ///
    /// - Parameter natural: the direction of the fault when none is named.
    package init(spec: inout Spec, natural: Direction?) throws(SpecError) {
        operation = try spec.optional("operation", .name).map(Glob.init)
        direction = try spec.optional("direction", .choice) ?? natural
        nth = try spec.optional("nth", .int(in: 1...1_000_000_000))
        first = try spec.optional("first", .int(in: 1...1_000_000_000))
        firstPerCall = try spec.optional("first-per-call", .int(in: 1...1_000_000_000))
        probability = try spec.optional("probability", .percent)
        let counts = [("nth", nth), ("first", first), ("first-per-call", firstPerCall)].filter { $0.1 != nil }
        if counts.count > 1 {
            throw spec.error(
                counts[1].0, "cannot stand beside '\(counts[0].0)'", mend: "keep the one that you mean")
        }
    }

    /// Whether the message is one of those that are counted.
    package func matches(_ message: Message) -> Bool {
        if let direction, direction != message.direction { return false }
        if let operation, !operation.matches(message.operation) { return false }
        return true
    }
}

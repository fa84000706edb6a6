package import Wire

/// Which messages a fault strikes, or which connections: by what they are, then by how often.
///
/// How often is counted in this order: `after` skips, one of `nth`, `first`, `firstPerCall` and `every` chooses, then chance
/// does, then `atMost` ends it.
package struct Selector: Hashable, Sendable {
    /// What is counted, and what chance is asked about.
    package enum Unit: String, Hashable, Sendable, CaseIterable {
        case message
        /// Each connection once, in the order of accepting; all matching messages of a chosen connection are struck.
        case connection
    }

    package var operation: Glob?
    /// `nil` strikes both directions.
    package var direction: Direction?
    /// The first so many that match are left alone.
    package var after: Int?
    /// The nth that matches alone, counting from 1.
    package var nth: Int?
    /// The first so many that match.
    package var first: Int?
    /// The first so many attempts of each call.
    package var firstPerCall: Int?
    /// Each so manieth that matches.
    package var every: Int?
    /// The chance of each that matches, from 0 to 1.
    package var probability: Double?
    /// Strikes no more than so often.
    package var atMost: Int?
    package var per = Unit.message

    package init(
        operation: Glob? = nil, direction: Direction? = nil, after: Int? = nil, nth: Int? = nil, first: Int? = nil,
        firstPerCall: Int? = nil, every: Int? = nil, probability: Double? = nil, atMost: Int? = nil,
        per: Unit = .message
    ) {
        self.operation = operation
        self.direction = direction
        self.after = after
        self.nth = nth
        self.first = first
        self.firstPerCall = firstPerCall
        self.every = every
        self.probability = probability
        self.atMost = atMost
        self.per = per
    }

    /// Reads `when: { ... }`.
    ///
    /// - Parameter natural: the direction of the fault when none is named.
    package init(spec: inout Spec, natural: Direction?) throws(SpecError) {
        let count = SpecType<Int>.int(in: 1...1_000_000_000)
        operation = try spec.optional("operation", .name).map(Glob.init)
        direction = try spec.optional("direction", .choice) ?? natural
        after = try spec.optional("after", count)
        nth = try spec.optional("nth", count)
        first = try spec.optional("first", count)
        firstPerCall = try spec.optional("first-per-call", count)
        every = try spec.optional("every", count)
        probability = try spec.optional("probability", .percent)
        atMost = try spec.optional("at-most", count)
        per = try spec.optional("per", .choice) ?? .message
        let counts = [("nth", nth), ("first", first), ("first-per-call", firstPerCall), ("every", every)]
            .filter { $0.1 != nil }
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

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
    /// What the fault strikes by itself, where nobody named an operation.
    package var ownOperations: OwnOperations?
    package var content = ContentPattern()
    /// `nil` strikes both directions.
    package var direction: Direction?
    /// The first so many that match are left alone.
    package var after: Int?
    /// The nth that matches alone, counting from 1.
    package var nth: Int?
    /// The first so many that match.
    package var first: Int?
    /// Attempts of a call from the second on.
    package var retriesOnly = false
    /// The first so many attempts of each call.
    package var firstPerCall: Int?
    /// Each so manieth that matches.
    package var every: Int?
    /// The chance of each that matches, from 0 to 1.
    package var probability: Double?
    /// Strikes no more than so often.
    package var atMost: Int?
    package var per = Unit.message
    /// `nil` for what everybody sends.
    package var scope: Scope?

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

    /// Whether the message is one of those that are counted, as far as it alone tells.
    package func matches(_ message: Message) -> Bool {
        if let direction, direction != message.direction { return false }
        if let operation, !operation.matches(message.operation) { return false }
        if let ownOperations, !ownOperations.contains(message.operation) { return false }
        return content.matches(message) && scope?.contains(message) != false
    }

    /// The same for what everybody sends.
    var unscoped: Selector {
        var selector = self
        selector.scope = nil
        return selector
    }
}

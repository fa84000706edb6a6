import Proxy

/// What was seen of one transaction on a `postgres`, `redis` or `bolt` link, or of a statement or command that was one by
/// itself.
struct TransactionTrace {
    struct ID: Hashable {
        let link: String
        let connection: Int
        let transaction: Int

        /// Nil for what belongs to no transaction.
        init?(_ event: WireEvent?) {
            guard let event, event.transaction > 0 else { return nil }
            (link, connection, transaction) = (event.link, event.connection, event.transaction)
        }
    }

    private var exchanges: [Exchange] = []

    mutating func add(_ exchange: Exchange) { exchanges.append(exchange) }

    /// It came to its end, and nothing that its client was told asks for it to be tried again: what it did lasts, or its
    /// client wanted none of it.
    var isDone: Bool {
        var isFailed = false
        var isEnded = false
        for exchange in exchanges.sorted(by: { ($0.request?.exchange ?? 0) < ($1.request?.exchange ?? 0) }) {
            guard let operation = exchange.request?.operation, let attempt = exchange.attempt else { continue }
            let isWell = attempt.isAnsweredWell && attempt.action != .cut
            if !isWell { isFailed = true }
            switch operation {
            case "ROLLBACK TO": if isWell { isFailed = false }
            case "COMMIT", "PREPARE TRANSACTION", "ROLLBACK", "EXEC", "DISCARD", "RESET": isEnded = true
            case "BEGIN", "MULTI": break
            default: if exchanges.count == 1 { isEnded = true }
            }
        }
        return isEnded && !isFailed
    }
}

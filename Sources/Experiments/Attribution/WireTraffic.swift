package import Consistency
package import Proxy
import Wire

/// The wire history of a workload, summed up: whose messages they were, which of them were attempts of one call, and what
/// faults did to them.
package struct WireTraffic: Sendable {
    package let attribution: Attribution
    package private(set) var messages: [String: Int] = [:]
    package private(set) var bytes: [String: Int] = [:]
    package private(set) var keys: [String: Set<String>] = [:]
    /// Of the messages of `bolt` links, those that open sessions or ask where the servers are.
    private var errands: [String: Int] = [:]
    /// Request messages, by link.
    package private(set) var requests: [String: Int] = [:]
    /// Request messages that belong to a document, by link.
    package private(set) var attributed: [String: Int] = [:]
    /// Request messages while nothing was in their lane, by link: the worker's own.
    package private(set) var idle: [String: Int] = [:]
    /// Links of which some connection passed as bytes.
    package private(set) var opaque: Set<String> = []

    private var exchanges: [Exchange.ID: Exchange] = [:]
    /// Messages of links that know bytes alone.
    private var byteShares: [Share.ID: Share] = [:]
    private var heldBytes: [Hold] = []
    /// When connections ended.
    private var endings: [Exchange.ID: Int64] = [:]
    /// By document, and by key.
    private var struckBy: [String: Set<Int>] = [:]

    package init(attribution: Attribution = Attribution()) {
        self.attribution = attribution
    }

    package init(_ events: some Sequence<WireEvent>, attribution: Attribution = Attribution()) {
        self.init(attribution: attribution)
        for event in events { add(event) }
    }

    package mutating func add(_ event: WireEvent) {
        if event.kind == .opaque { opaque.insert(event.link) }
        if event.kind == .closed || event.kind == .reset { endings[Exchange.ID(event)] = event.time }
        guard event.kind == .message else { return }
        messages[event.link, default: 0] += 1
        bytes[event.link, default: 0] += event.size
        if BoltSession.isErrand(event.operation) { errands[event.link, default: 0] += 1 }
        if !event.key.isEmpty { keys[event.link, default: []].insert(event.key) }
        if event.direction == .request { count(event) }
        if event.exchange > 0 {
            exchanges[Exchange.ID(event), default: Exchange()].add(event)
        } else {
            addBytes(event)
        }
        guard event.window != 0 else { return }
        for name in [owner(of: event).document, event.key].compactMap({ $0 }) {
            struckBy[name, default: []].insert(event.window)
        }
    }

    private mutating func count(_ request: WireEvent) {
        requests[request.link, default: 0] += 1
        if attribution.owner(of: request) != .nobody {
            attributed[request.link, default: 0] += 1
        } else if attribution.isIdle(request.lane, at: request.time) {
            idle[request.link, default: 0] += 1
        }
    }

    private mutating func addBytes(_ event: WireEvent) {
        let document = attribution.owner(of: event).document
        if let hold = Hold(event, document: document) { heldBytes.append(hold) }
        guard let document else { return }
        let submission = attribution.submission(of: document, in: event.lane, at: event.time)
        let id = Share.ID(document: document, submission: submission, link: event.link)
        byteShares[id, default: Share(id)].add(event)
    }

    /// The owner of any event. An answer belongs to the owner of its request, however late it comes.
    package func owner(of event: WireEvent) -> Owner {
        attribution.owner(of: exchanges[Exchange.ID(event)]?.request ?? event)
    }

    /// Of links that know calls: attempts grouped by document and submission, link, operation and key. Sorted.
    package var calls: [Call] {
        let lasting = transactions.mapValues(\.isDone)
        var groups: [Call.ID: Call] = [:]
        for exchange in exchanges.values {
            guard let request = exchange.request, var attempt = exchange.attempt else { continue }
            if let id = TransactionTrace.ID(request) { attempt.lasts = lasting[id] ?? true }
            let document = attribution.owner(of: request).document
            let id = Call.ID(
                document: document,
                submission: document.flatMap { attribution.submission(of: $0, in: request.lane, at: request.time) },
                link: request.link, operation: request.operation, key: request.key)
            groups[id, default: Call(id)].attempts.append(attempt)
        }
        return groups.sorted { $0.key < $1.key }.map { _, call in
            var call = call
            call.attempts.sort { ($0.time, $0.connection, $0.exchange) < ($1.time, $1.connection, $1.exchange) }
            return call
        }
    }

    /// Of links that know them.
    private var transactions: [TransactionTrace.ID: TransactionTrace] {
        var transactions: [TransactionTrace.ID: TransactionTrace] = [:]
        for exchange in exchanges.values {
            guard let id = TransactionTrace.ID(exchange.request) else { continue }
            transactions[id, default: TransactionTrace()].add(exchange)
        }
        return transactions
    }

    /// What each submission of each document had on each link. Sorted.
    package var shares: [Share] {
        var shares = byteShares
        for exchange in exchanges.values {
            guard let request = exchange.request, let document = attribution.owner(of: request).document else {
                continue
            }
            let submission = attribution.submission(of: document, in: request.lane, at: request.time)
            let id = Share.ID(document: document, submission: submission, link: request.link)
            shares[id, default: Share(id)].add(request)
            if let answer = exchange.answer { shares[id]?.add(answer) }
        }
        return shares.values.sorted { $0.id < $1.id }
    }

    /// Messages that a fault held back, in time order.
    package var holds: [Hold] {
        var holds = heldBytes
        for exchange in exchanges.values {
            let document = exchange.request.flatMap { attribution.owner(of: $0).document }
            holds += [exchange.request, exchange.answer].compactMap { event in
                event.flatMap { Hold($0, document: document) }
            }
        }
        for index in holds.indices where holds[index].isAbandoned && holds[index].end == holds[index].time {
            // Bytes without an end of their own: their client gave up when it closed the connection.
            let connection = Exchange.ID(link: holds[index].link, connection: holds[index].connection, exchange: 0)
            holds[index].end = endings[connection] ?? holds[index].end
        }
        return holds.sorted { ($0.time, $0.link, $0.connection) < ($1.time, $1.link, $1.connection) }
    }

    /// What invariants ask of links.
    package func links(_ configurations: [LinkConfiguration], isCutShort: Bool) -> [LinkTraffic] {
        configurations.map { link in
            LinkTraffic(
                link: link.name, service: link.service?.rawValue ?? link.name, messages: messages[link.name] ?? 0,
                bytes: bytes[link.name] ?? 0,
                errands: link.linkProtocol == .bolt ? errands[link.name] ?? 0 : nil,
                keys: link.service == .s3 ? keys[link.name] ?? [] : nil,
                isCutShort: isCutShort)
        }
    }

    /// Windows that struck a message of this document, or one with this key, on any link.
    package func windows(striking document: String) -> Set<Int> { struckBy[document] ?? [] }
}

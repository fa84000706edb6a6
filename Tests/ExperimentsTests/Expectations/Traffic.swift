import Consistency
import Experiments
import Proxy
import Wire

/// A wire history, written down by hand. Times are in milliseconds.
struct Traffic {
    private(set) var events: [WireEvent] = []
    private var exchanges: [String: Int] = [:]

    static func ns(_ milliseconds: Double) -> Int64 { Int64(milliseconds * 1_000_000) }

    /// One request on an `http` link with its answer; `status` 0 for none.
    mutating func call(
        _ key: String, _ operation: String = "GetObject", on link: String = "s3", lane: Int = 0, at time: Double,
        answered: Double? = nil, ended: Double? = nil, status: Int = 200, window: Int = 0,
        action: WireEvent.Action = .forwarded, retryAfter: Int? = nil
    ) {
        let exchange = (exchanges[link] ?? 0) + 1
        exchanges[link] = exchange
        // Without an answer of its own it is the request that was struck.
        let isRequestStruck = action == .reset || (action == .held && answered == nil)
        events.append(
            WireEvent(
                time: Self.ns(time), link: link, connection: 1, kind: .message, direction: .request, exchange: exchange,
                operation: operation, key: key, size: 100, action: isRequestStruck ? action : .forwarded,
                window: isRequestStruck ? window : 0, lane: lane, end: isRequestStruck ? Self.ns(ended ?? time) : nil))
        guard status != 0, !isRequestStruck else { return }
        let answer = answered ?? time + 10
        events.append(
            WireEvent(
                time: Self.ns(answer), link: link, connection: 1, kind: .message, direction: .response,
                exchange: exchange, operation: operation, key: key, size: 900, status: status, action: action,
                window: window, lane: lane, end: Self.ns(ended ?? answer), retryAfterMilliseconds: retryAfter))
    }

    mutating func close(on link: String, at time: Double) {
        events.append(WireEvent(time: Self.ns(time), link: link, connection: 1, kind: .closed))
    }

    /// One statement or command on a link that knows transactions with its answer, 10 ms later; `code` of an error.
    ///
    /// - Parameter answer: what was done to the answer; nil for none.
    mutating func statement(
        _ operation: String, on link: String = "postgres", in transaction: Int, at time: Double, code: String = "",
        window: Int = 0, answer action: WireEvent.Action? = .forwarded
    ) {
        let exchange = (exchanges[link] ?? 0) + 1
        exchanges[link] = exchange
        let request = WireEvent(
            time: Self.ns(time), link: link, connection: 1, kind: .message, direction: .request,
            exchange: exchange, operation: operation, key: "#\(operation)", size: 100,
            action: action == nil ? .lost : .forwarded, window: action == nil ? window : 0, transaction: transaction)
        events.append(request)
        guard let action else { return }
        var answer = request
        (answer.time, answer.end) = (Self.ns(time + 10), Self.ns(time + 10))
        (answer.direction, answer.code, answer.action, answer.window) = (.response, code, action, window)
        events.append(answer)
    }

    /// A transaction with these statements, 20 ms from one to the next.
    mutating func transaction(
        _ number: Int, _ operations: [String], on link: String = "postgres", at time: Double
    ) {
        for (index, operation) in operations.enumerated() {
            statement(operation, on: link, in: number, at: time + 20 * Double(index))
        }
    }

    /// A chunk of bytes on a `tcp` link.
    mutating func bytes(
        on link: String, lane: Int = 0, at time: Double, ended: Double? = nil, direction: Direction = .request,
        window: Int = 0, action: WireEvent.Action = .forwarded
    ) {
        events.append(
            WireEvent(
                time: Self.ns(time), link: link, connection: 1, kind: .message, direction: direction,
                operation: "bytes", size: 40, action: action, window: window, lane: lane, end: Self.ns(ended ?? time)))
    }

    /// Document `d` in lane 0 and `e` in lane 1, both for a long time.
    static let stays = [
        Stay(lane: 0, document: "d", submission: "d-1", from: ns(0), to: ns(100_000)),
        Stay(lane: 1, document: "e", submission: "e-1", from: ns(0), to: ns(100_000)),
    ]

    func evidence(
        _ results: [Submission.Result] = [.rolledBack, .succeeded], stays: [Stay] = stays, dropped: Int = 0,
        strikes: [Strike] = []
    ) -> Evidence {
        let submissions = zip(["d", "e"], results).map { document, result in
            Submission(id: "\(document)-1", document: document, kind: .ingest, result: result)
        }
        return Evidence(
            world: World(run: "run", submissions: submissions, kinds: [:]),
            traffic: WireTraffic(events, attribution: Attribution(stays: stays)), strikes: strikes, dropped: dropped)
    }
}

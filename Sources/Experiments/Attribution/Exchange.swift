import Proxy
import Wire

/// A request and its answer on a link that knows calls, in whatever order they were recorded.
struct Exchange: Hashable, Sendable {
    /// Tells exchanges apart.
    struct ID: Hashable, Sendable {
        var link: String
        var connection: Int
        var exchange: Int

        init(link: String, connection: Int, exchange: Int) {
            self.link = link
            self.connection = connection
            self.exchange = exchange
        }

        init(_ event: WireEvent) {
            self.init(link: event.link, connection: event.connection, exchange: event.exchange)
        }
    }

    var request: WireEvent?
    /// The final one: those before it (100 Continue) say nothing, nor does that to a request sent twice.
    var answer: WireEvent?

    mutating func add(_ event: WireEvent) {
        if event.direction == .request {
            request = event
        } else if event.action != .duplicated, !(100..<200).contains(event.status) || event.status == 101 {
            answer = event
        }
    }

    /// Nil without a request.
    var attempt: Attempt? {
        guard let request else { return nil }
        let isPassedOn = answer.map { ![.held, .reset, .lost].contains($0.action) } ?? false
        return Attempt(
            time: request.time, end: max(request.end, answer?.end ?? request.end), lane: request.lane,
            connection: request.connection, exchange: request.exchange, status: answer?.status ?? 0,
            action: request.action == .forwarded ? answer?.action ?? .forwarded : request.action,
            window: request.window != 0 ? request.window : answer?.window ?? 0,
            retryAfterMilliseconds: answer?.retryAfterMilliseconds, answered: isPassedOn ? answer?.time : nil,
            code: answer?.code ?? "")
    }
}

import Reactor

/// A source that writes down what it is told.
final class Recorder: EventSource {
    enum Event: Hashable, Sendable {
        case ready(UInt32, tag: Int)
        case timer(Int)
        case turn
    }

    let log: Log<Event>
    private let then: (Event) -> Void

    init(_ log: Log<Event>, then: @escaping (Event) -> Void = { _ in }) {
        self.log = log
        self.then = then
    }

    override func ready(_ readiness: Readiness, tag: Int) { record(.ready(readiness.rawValue, tag: tag)) }
    override func timerFired(tag: Int) { record(.timer(tag)) }
    override func takeTurn() { record(.turn) }

    private func record(_ event: Event) {
        log.append(event)
        then(event)
    }
}

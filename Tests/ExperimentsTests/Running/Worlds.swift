import Consistency
import Experiments
import Proxy
import Wire

/// Hand-made worlds and histories.
enum Worlds {
    static func submission(_ document: String, _ result: Submission.Result = .succeeded) -> Submission {
        Submission(id: document, document: document, kind: .ingest, sourceKey: document, result: result)
    }

    static func world(_ results: [Submission.Result]) -> World {
        World(
            run: "run", submissions: results.enumerated().map { submission("d\($0.offset)", $0.element) }, kinds: [:])
    }

    static func request(_ key: String, window: Int = 0, link: String = "s3") -> WireEvent {
        WireEvent(
            time: 0, link: link, connection: 1, kind: .message, direction: .request, operation: "GetObject", key: key,
            size: 100, window: window)
    }

    static func answer(_ key: String, window: Int = 0, link: String = "s3") -> WireEvent {
        WireEvent(
            time: 0, link: link, connection: 1, kind: .message, direction: .response, operation: "GetObject", key: key,
            size: 900, status: 200, window: window)
    }

    static func evidence(
        _ results: [Submission.Result] = [.succeeded], _ events: [WireEvent] = [], strikes: [Strike] = [],
        dropped: Int = 0
    ) -> Evidence {
        Evidence(world: world(results), traffic: WireTraffic(events), strikes: strikes, dropped: dropped)
    }
}

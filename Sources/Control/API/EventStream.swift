import Hummingbird
import NIOCore
import Proxy
import Wire

/// The wire history as it is made, as server-sent events: `wire` with one event each, and `missed` with how many could not be told.
struct EventStream: Sendable {
    private let live: LiveLinks

    init(_ live: LiveLinks) { self.live = live }

    /// Which events somebody wants.
    private struct Filter: Sendable {
        var link: String?
        var operation: String?
        var key: String?
        var kind: WireEvent.Kind?
        var direction: Direction?
        /// Of a fault that has struck; 0 for any.
        var fault: Int?

        func wants(_ event: WireEvent) -> Bool {
            (link == nil || event.link == link) && (operation == nil || event.operation == operation)
                && (key == nil || event.key == key) && (kind == nil || event.kind == kind)
                && (direction == nil || event.direction == direction)
                && (fault == nil || (fault == 0 ? event.window > 0 : event.window == fault))
        }
    }

    func answer(_ query: [String: String]) throws -> APIAnswer {
        let filter = try Self.filter(query)
        guard let watch = live.watch({ filter.wants($0) }) else {
            throw APIError(503, "as many watch the wire as may; end one of them")
        }
        let body = ResponseBody { writer in
            defer { watch.stop() }
            // So that its reader knows that it watches.
            try await writer.write(ByteBuffer(string: ": watching\n\n"))
            while let batch = await watch.next() {
                var text = WireEventText()
                for event in batch.events {
                    text.append("event: wire\ndata: ")
                    text.append(event)
                    text.append("\n\n")
                }
                var buffer = ByteBuffer(bytes: text.bytes)
                if batch.missed > 0 { buffer.writeString("event: missed\ndata: {\"missed\":\(batch.missed)}\n\n") }
                // One who has left shows only when he is written to.
                if buffer.readableBytes == 0 { buffer.writeString(": nothing\n\n") }
                try await writer.write(buffer)
            }
            try await writer.finish(nil)
        }
        return APIAnswer(status: 200, type: "text/event-stream", stream: body)
    }

    private static func filter(_ query: [String: String]) throws -> Filter {
        var filter = Filter()
        for (name, value) in query.sorted(by: { $0.key < $1.key }) {
            switch name {
            case "link": filter.link = value
            case "operation": filter.operation = value
            case "key": filter.key = value
            case "kind":
                filter.kind = try choice(name, value, WireEvent.Kind.allCases.map(\.rawValue), WireEvent.Kind.init)
            case "direction":
                filter.direction = try choice(name, value, ["request", "response"], Direction.init)
            case "struck":
                guard value == "any" || Int(value).map({ $0 > 0 }) == true else {
                    throw APIError(400, "struck is '\(value)'; write 'any' or a fault's number")
                }
                filter.fault = Int(value) ?? 0
            default:
                throw APIError(
                    400,
                    "there is no parameter '\(name)'; known parameters: link, operation, key, kind, direction, struck")
            }
        }
        return filter
    }

    private static func choice<Value>(
        _ name: String, _ text: String, _ known: [String], _ read: (String) -> Value?
    ) throws -> Value {
        guard let value = read(text) else {
            throw APIError(400, "\(name) is '\(text)'; known: \(known.joined(separator: ", "))")
        }
        return value
    }
}

import Proxy
import Wire

/// What has gone through each link.
enum LinkMetrics {
    static func all(_ links: [CountedLink]) -> [Metric] {
        connections(links) + bytes(links) + [messages(links)]
    }

    private static func connections(_ links: [CountedLink]) -> [Metric] {
        var enabled = Metric("faultline_link_enabled", .gauge, "Whether a link listens: 1, or 0 while it is disabled.")
        var accepted = Metric(
            "faultline_connections_accepted_total", .counter, "Connections that clients have made to a link.")
        var open = Metric("faultline_connections_open", .gauge, "Connections that a link has now.")
        var failures = Metric(
            "faultline_dial_failures_total", .counter,
            "How often connecting to an address of a link's upstream has failed.")
        for link in links {
            enabled.add(
                link.link.isEnabled ? 1 : 0,
                ["link": link.name, "protocol": link.link.configuration.linkProtocol.rawValue])
            accepted.add(link.counts.accepted, ["link": link.name])
            open.add(link.counts.open, ["link": link.name])
            failures.add(link.counts.dialFailures, ["link": link.name])
        }
        return [enabled, accepted, open, failures]
    }

    private static func bytes(_ links: [CountedLink]) -> [Metric] {
        var received = Metric(
            "faultline_received_bytes_total", .counter,
            "Bytes that a link has read: requests from clients, responses from upstreams.")
        var sent = Metric(
            "faultline_sent_bytes_total", .counter,
            "Bytes that a link has written: requests to upstreams, responses to clients.")
        for link in links {
            for direction in Direction.allCases {
                received.add(link.counts[direction].receivedBytes, labels(link, direction))
                sent.add(link.counts[direction].sentBytes, labels(link, direction))
            }
        }
        return [received, sent]
    }

    /// A `tcp` link has none: it would only count chunks, of which there are as many as chance has it.
    private static func messages(_ links: [CountedLink]) -> Metric {
        var messages = Metric(
            "faultline_messages_total", .counter,
            "Messages of a link's protocol that have ended, whatever became of them.")
        for link in links where link.link.configuration.linkProtocol != .tcp {
            for direction in Direction.allCases {
                messages.add(link.counts[direction].messages, labels(link, direction))
            }
        }
        return messages
    }

    static func labels(_ link: CountedLink, _ direction: Direction) -> KeyValuePairs<String, String> {
        ["link": link.name, "direction": direction.rawValue]
    }
}

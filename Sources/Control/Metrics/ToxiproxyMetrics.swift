import Proxy
import Wire

/// What Toxiproxy's own page has of proxies, for the dashboards that there are for it.
///
/// Source: github.com/Shopify/toxiproxy, collectors/proxy.go of 2.12. It adds a connection's bytes when that ends; here they are
/// there at once.
enum ToxiproxyMetrics {
    static func all(_ links: [CountedLink]) -> [Metric] {
        var received = Metric(
            "toxiproxy_proxy_received_bytes_total", .counter, "Bytes that a proxy has read, as Toxiproxy names it.")
        var sent = Metric(
            "toxiproxy_proxy_sent_bytes_total", .counter, "Bytes that a proxy has written, as Toxiproxy names it.")
        for link in links {
            for direction in Direction.allCases {
                let labels: KeyValuePairs = [
                    "direction": direction == .request ? "upstream" : "downstream", "proxy": link.name,
                    "listener": link.link.listen, "upstream": link.link.configuration.upstream,
                ]
                received.add(link.counts[direction].receivedBytes, labels)
                sent.add(link.counts[direction].sentBytes, labels)
            }
        }
        return [received, sent]
    }
}

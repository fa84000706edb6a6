import Control
import Foundation
import Proxy
import Subprocess
import SystemPackage
import Testing
import Wire

/// The metrics page as Prometheus's own tool reads it, which complains of what is wrong and of what is unusual.
@Suite struct PromtoolTests {
    @Test func promtoolHasNothingToComplainOf() async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            var listens: [String: String] = [:]
            // A name may have any character in it.
            for (name, linkProtocol) in [("a \"quoted\"\\back\nslash", .tcp), ("redis", .redis)]
                as [(String, LinkProtocol)]
            {
                let link = LiveLink(
                    LinkConfiguration(name: name, linkProtocol: linkProtocol, upstream: echo.address), source: .api)
                listens[name] = try await port.live.add(link).addresses[0]
                try await port.live.add(.test("latency", ["delay": "1ms"], on: name, over: linkProtocol))
                let peer = try await Peer.connect(try #require(listens[name]))
                try await peer.send("+OK\r\n")
                #expect(try await peer.receive(5) == "+OK\r\n")
            }
            _ = try await port.live.take("somebody", for: .seconds(10))
            let page = try await port.scrape()
            let result = try await Subprocess.run(
                .path("/usr/bin/promtool"), arguments: ["check", "metrics"], input: .string(page.text),
                output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
            #expect(result.terminationStatus == .exited(0), "\(result.standardError)\n\(page.text)")
            #expect(result.standardOutput + result.standardError == "")
            // All is there that the page has anything of.
            for name in [
                "build_info", "start_time_seconds", "link_enabled", "connections_accepted_total", "connections_open",
                "dial_failures_total", "received_bytes_total", "sent_bytes_total", "messages_total", "faults",
                "fault_strikes_total", "added_latency_seconds_count", "leases", "history_events_total",
                "history_dropped_events_total", "history_write_failed", "watchers", "watcher_shown_events_total",
                "watcher_missed_events_total",
            ] { #expect(page.count(of: "faultline_\(name)") > 0, "\(name)") }
            #expect(page.text.contains(#"link="a \"quoted\"\\back\nslash""#))
            #expect(page["faultline_leases"] == 1)
        }
    }
}

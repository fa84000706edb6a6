import Control
import Faults
import Proxy
import Stack
import Stores
import Testing
import Wire

/// What the metrics page counts, beside traffic of which every byte is known.
@Suite struct MetricsTests {
    private func link(
        _ port: ControlPort, _ name: String = "a", _ linkProtocol: LinkProtocol = .tcp, to upstream: String
    ) async throws -> String {
        let link = LiveLink(
            LinkConfiguration(name: name, linkProtocol: linkProtocol, upstream: upstream), source: .api)
        return try #require(try await port.live.add(link).addresses.first)
    }

    /// Sends and awaits the same bytes.
    private func talk(_ peer: Peer, _ texts: String...) async throws {
        for text in texts {
            try await peer.send(text)
            #expect(try await peer.receive(text.utf8.count) == text)
        }
    }

    @Test(arguments: [1, 2]) func connectionsAndBytesOfALinkThatSpeaksTCP(threads: Int) async throws {
        let echo = try Echo()
        try await ControlPort.with(threads: threads) { port in
            let listen = try await link(port, to: echo.address)
            for index in 1...6 {
                let peer = try await Peer.connect(listen)
                try await talk(peer, String(repeating: "x", count: index * 100), "y")
                let page = try await port.scrape()
                #expect(page[#"faultline_connections_open{link="a"}"#] == 1)
                peer.sendEnd()
                #expect(try await peer.receiveAll() == "")
                try await port.eventually("the connection is gone") {
                    try await port.scrape()[#"faultline_connections_open{link="a"}"#] == 0
                }
            }
            let page = try await port.scrape()
            #expect(page[#"faultline_connections_accepted_total{link="a"}"#] == 6)
            for direction in ["request", "response"] {
                #expect(page[#"faultline_received_bytes_total{link="a",direction="\#(direction)"}"#] == 2106)
                #expect(page[#"faultline_sent_bytes_total{link="a",direction="\#(direction)"}"#] == 2106)
                #expect(
                    page[#"faultline_added_latency_seconds_count{link="a",direction="\#(direction)"}"#] == 0,
                    "nothing held them back")
            }
            #expect(page.count(of: "faultline_messages_total") == 0, "bytes are no messages")
            #expect(page[#"faultline_dial_failures_total{link="a"}"#] == 0)
            #expect(page[#"faultline_link_enabled{link="a",protocol="tcp"}"#] == 1)
            // The same in Toxiproxy's words.
            for direction in ["upstream", "downstream"] {
                let labels =
                    #"direction="\#(direction)",proxy="a",listener="\#(listen)",upstream="\#(echo.address)""#
                #expect(page["toxiproxy_proxy_received_bytes_total{\(labels)}"] == 2106)
                #expect(page["toxiproxy_proxy_sent_bytes_total{\(labels)}"] == 2106)
            }
        }
    }

    @Test func bytesThatTheKernelCarriesAreCounted() async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            let peer = try await Peer.connect(try await link(port, to: echo.address))
            let (part, parts) = (String(repeating: "0123456789abcdef", count: 65_536), 8)
            async let sent: Void = {
                for _ in 0..<parts { try await peer.send(part) }
            }()
            #expect(try await peer.receive(parts << 20).utf8.count == parts << 20)
            try await sent
            let page = try await port.scrape()
            for direction in ["request", "response"] {
                let labels = #"{link="a",direction="\#(direction)"}"#
                #expect(page["faultline_received_bytes_total\(labels)"] == Double(parts << 20))
                #expect(page["faultline_sent_bytes_total\(labels)"] == Double(parts << 20))
            }
        }
    }

    @Test func messagesOfALinkThatSpeaksRedis() async throws {
        let upstream = String(
            try #require(try NativeStack.current().endpoints.redis.firstMatch(of: /[0-9.]+:[0-9]+/)).0)
        try await ControlPort.with { port in
            let peer = try await Peer.connect(try await link(port, "r", .redis, to: upstream))
            let (ping, pong) = ("*1\r\n$4\r\nPING\r\n", "+PONG\r\n")
            // Together, and one by one.
            try await peer.send(String(repeating: ping, count: 40))
            #expect(try await peer.receive(40 * 7) == String(repeating: pong, count: 40))
            for _ in 0..<3 {
                try await peer.send(ping)
                #expect(try await peer.receive(7) == pong)
            }
            var page = try await port.scrape()
            for (direction, bytes) in [("request", 14), ("response", 7)] {
                let labels = #"{link="r",direction="\#(direction)"}"#
                #expect(page["faultline_messages_total\(labels)"] == 43)
                #expect(page["faultline_received_bytes_total\(labels)"] == Double(43 * bytes))
                #expect(page["faultline_sent_bytes_total\(labels)"] == Double(43 * bytes))
            }
            // An error in place of an answer: the request goes nowhere, and its answer is the link's own.
            try await port.live.add(
                .test("error", on: "r", when: ["operation": "PING", "nth": "2"], over: .redis))
            for answer in [pong, "-", pong] {
                try await peer.send(ping)
                #expect(try await peer.receive(1) == answer.prefix(1))
                while try await peer.receive(1) != "\n" {}
            }
            page = try await port.scrape()
            #expect(page[#"faultline_messages_total{link="r",direction="request"}"#] == 46)
            #expect(page[#"faultline_messages_total{link="r",direction="response"}"#] == 46)
            #expect(page[#"faultline_received_bytes_total{link="r",direction="request"}"#] == Double(46 * 14))
            #expect(page[#"faultline_sent_bytes_total{link="r",direction="request"}"#] == Double(45 * 14))
            #expect(page[#"faultline_received_bytes_total{link="r",direction="response"}"#] == Double(45 * 7))
            #expect(page[#"faultline_fault_strikes_total{link="r",kind="error"}"#] == 1)
        }
    }

    @Test func messagesOfALinkThatSpeaksHTTP() async throws {
        try await ControlPort.with { port in
            // The API itself is the service.
            let peer = try await Peer.connect(try await link(port, "h", .http, to: "http://\(port.address)"))
            let request = "GET /version HTTP/1.1\r\nHost: \(port.address)\r\n\r\n"
            var answered = 0
            for index in 1...4 {
                try await peer.send(request)
                var answer = ""
                while !answer.hasSuffix("}\n") { answer += try await peer.receive(1) }
                answered += answer.utf8.count
                let page = try await port.scrape()
                for (direction, bytes) in [("request", index * request.utf8.count), ("response", answered)] {
                    let labels = #"{link="h",direction="\#(direction)"}"#
                    #expect(page["faultline_messages_total\(labels)"] == Double(index))
                    #expect(page["faultline_received_bytes_total\(labels)"] == Double(bytes))
                    #expect(page["faultline_sent_bytes_total\(labels)"] == Double(bytes))
                }
                #expect(page[#"faultline_connections_accepted_total{link="h"}"#] == 1)
            }
        }
    }

    @Test func strikesAndWhatTheyAddStayWhenFaultsAndLinksGo() async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            let listen = try await link(port, to: echo.address)
            let peer = try await Peer.connect(listen)
            let strikes = #"faultline_fault_strikes_total{link="a",kind="latency"}"#
            let labels = #"{link="a",direction="request"}"#
            @Sendable func slow(_ delay: String) -> FaultDraft {
                .test("latency", ["delay": delay], when: ["direction": "request"])
            }
            let first = try await port.live.add(slow("2ms"))
            #expect(try await port.scrape()[strikes] == 0, "it has not struck yet")
            #expect(try await port.scrape()[#"faultline_faults{link="a",kind="latency"}"#] == 1)
            try await talk(peer, "a", "b", "c")
            try await port.live.removeFaults { $0.number == first.number }
            try await talk(peer, "d")
            try await port.live.add(slow("30ms"))
            try await talk(peer, "e")
            // Another in its place, under the same number.
            let second = try await port.live.add(slow("4ms"))
            try await port.live.change(fault: second.number) { _ in slow("5ms") }
            try await port.live.removeFaults { _ in true }
            let page = try await port.scrape()
            #expect(page[strikes] == 4)
            #expect(page.count(of: "faultline_faults") == 0)
            #expect(page["faultline_added_latency_seconds_count\(labels)"] == 4)
            #expect(page["faultline_added_latency_seconds_sum\(labels)"] == 0.036, "to the microsecond")
            for (bound, count) in [("0.001", 0), ("0.0025", 3), ("0.025", 3), ("0.05", 4), ("60.0", 4), ("+Inf", 4)] {
                let bucket = #"faultline_added_latency_seconds_bucket{link="a",direction="request",le="\#(bound)"}"#
                #expect(page[bucket] == Double(count), "\(bound)")
            }
            #expect(page[#"faultline_added_latency_seconds_count{link="a",direction="response"}"#] == 0)
            // The link goes and comes again, and goes on counting.
            let former = page
            try await port.live.remove("a")
            #expect(!(try await port.scrape()).text.contains("link=\"a\""))
            _ = try await link(port, to: echo.address)
            let again = try await port.scrape()
            #expect(again[strikes] == 4)
            for name in [
                #"faultline_connections_accepted_total{link="a"}"#, "faultline_added_latency_seconds_sum\(labels)",
                "faultline_received_bytes_total\(labels)",
            ] { #expect(again[name] == former[name]) }
        }
    }

    @Test func whatIsHeldHasAddedLatencyOnceItPasses() async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            let peer = try await Peer.connect(try await link(port, to: echo.address))
            try await port.live.add(.test("blackhole", when: ["direction": "request"]))
            try await peer.send("x")
            try await port.eventually("it is held") { try await port.struck(on: "a") == 1 }
            let count = #"faultline_added_latency_seconds_count{link="a",direction="request"}"#
            #expect(try await port.scrape()[count] == 0)
            try await port.live.removeFaults { _ in true }
            #expect(try await peer.receive(1) == "x")
            let page = try await port.scrape()
            #expect(page[count] == 1)
            #expect(page[#"faultline_added_latency_seconds_sum{link="a",direction="request"}"#] ?? 0 > 0)
        }
    }

    @Test func dialFailuresAreCountedAndDisabledLinksToldOf() async throws {
        try await ControlPort.with { port in
            let listen = try await link(port, to: "127.0.0.1:1")
            for _ in 0..<3 {
                // The reset may come while it is still connecting.
                await #expect(throws: Peer.Failure.self) { try await Peer.connect(listen).receive(1) }
            }
            #expect(try await port.scrape()[#"faultline_dial_failures_total{link="a"}"#] == 3)
            try await port.live.change("a") { $0.isEnabled = false }
            let page = try await port.scrape()
            #expect(page[#"faultline_link_enabled{link="a",protocol="tcp"}"#] == 0)
            #expect(page[#"faultline_connections_accepted_total{link="a"}"#] == 3)
        }
    }

    @Test func whoMayAskForIt() async throws {
        try await ControlPort.with(token: "secret") { port in
            #expect(try await port.ask("GET", "/metrics").status == 401)
            let page = try await port.ask("GET", "/metrics", headers: ["Authorization": "Bearer secret"])
            #expect(page.status == 200 && page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        }
        try await ControlPort.with { port in
            let foreign = try await port.ask("GET", "/metrics", headers: ["Origin": "http://example.org"])
            #expect(foreign.status == 403)
            let posted = try await port.ask("POST", "/metrics", "")
            #expect(posted.status == 405 && posted.headers["allow"] == "GET")
            #expect(try await port.ask("GET", "/metrics/x").status == 404)
        }
    }
}

import Control
import Testing

/// What each of Toxiproxy's toxics does to a connection that is open already.
@Suite struct ToxicTests {
    private func with(
        _ body: (ControlPort, _ peer: Peer, _ listen: String) async throws -> Void
    ) async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            let listen = try await port.proxy(to: echo.address)
            let peer = try await Peer.connect(listen)
            try await peer.send("open")
            #expect(try await peer.receive(4) == "open")
            try await body(port, peer, listen)
        }
    }

    private func add(
        _ type: String, _ attributes: String = "{}", stream: String = "downstream", toxicity: String = "1",
        to port: ControlPort
    ) async throws {
        let body =
            #"{"name":"t","type":"\#(type)","stream":"\#(stream)","toxicity":\#(toxicity),"attributes":\#(attributes)}"#
        let answer = try await port.ask("POST", "/proxies/p/toxics", body)
        try #require(answer.status == 200, "\(answer)")
    }

    private func remove(from port: ControlPort) async throws {
        let answer = try await port.ask("DELETE", "/proxies/p/toxics/t")
        try #require(answer.status == 204, "\(answer)")
    }

    @Test(
        arguments: ["upstream", "downstream"],
        [
            ("latency", #"{"latency":2}"#), ("latency", #"{"latency":1,"jitter":5}"#), ("latency", #"{"jitter":500}"#),
            ("slicer", #"{"average_size":2,"size_variation":1,"delay":10}"#), ("slicer", "{}"),
            ("slicer", #"{"average_size":3,"size_variation":9}"#), ("bandwidth", #"{"rate":1}"#),
        ])
    func itSlowsAndLosesNothing(stream: String, toxic: (type: String, attributes: String)) async throws {
        try await with { port, peer, _ in
            try await add(toxic.type, toxic.attributes, stream: stream, to: port)
            let text = String(repeating: "0123456789", count: 20)
            try await peer.send(text)
            #expect(try await peer.receive(200) == text)
            #expect(try await port.struck() >= 1)
            try await remove(from: port)
            try await peer.send("y")
            #expect(try await peer.receive(1) == "y")
        }
    }

    @Test func aRateOfNothingHoldsUntilItIsGone() async throws {
        try await with { port, peer, _ in
            try await add("bandwidth", #"{"rate":0}"#, to: port)
            try await peer.send("held")
            try await port.eventually("it is held") { try await port.struck() == 1 }
            try await remove(from: port)
            #expect(try await peer.receive(4) == "held")
        }
    }

    @Test(arguments: ["upstream", "downstream"]) func timeoutSwallowsAndClosesWhenItIsRemoved(stream: String)
        async throws
    {
        try await with { port, peer, _ in
            try await add("timeout", #"{"timeout":0}"#, stream: stream, to: port)
            try await peer.send("lost")
            try await port.eventually("it is lost") { try await port.struck() == 1 }
            try await remove(from: port)
            #expect(try await peer.receiveAll() == "")
        }
    }

    @Test func timeoutClosesAfterItsTimeWithOrWithoutBytes() async throws {
        try await with { port, peer, listen in
            try await add("timeout", #"{"timeout":20}"#, to: port)
            #expect(try await peer.receiveAll() == "", "nothing came")
            let next = try await Peer.connect(listen)
            try await next.send("lost")
            #expect(try await next.receiveAll() == "")
        }
    }

    @Test(arguments: [0, 20]) func resetPeerResetsAfterTheFirstBytes(timeout: Int) async throws {
        try await with { port, peer, listen in
            try await add("reset_peer", #"{"timeout":\#(timeout)}"#, stream: "upstream", to: port)
            let idle = try await Peer.connect(listen)
            try await peer.send("x")
            await #expect(throws: Peer.Failure.reset) { try await peer.receive(1) }
            try await remove(from: port)
            try await idle.send("y")
            #expect(try await idle.receive(1) == "y", "a connection without bytes is left alone")
        }
    }

    @Test func limitDataClosesAfterSoManyBytes() async throws {
        try await with { port, peer, listen in
            try await add("limit_data", #"{"bytes":6}"#, to: port)
            try await peer.send("0123456789")
            #expect(try await peer.receiveAll() == "012345")
            let next = try await Peer.connect(listen)
            try await next.send("0123456789")
            #expect(try await next.receiveAll() == "012345", "each connection for itself")
        }
    }

    @Test func slowCloseHoldsTheEndBack() async throws {
        try await with { port, peer, _ in
            try await add("slow_close", #"{"delay":5}"#, to: port)
            try await peer.send("x")
            #expect(try await peer.receive(1) == "x")
            peer.sendEnd()
            #expect(try await peer.receiveAll() == "")
            #expect(try await port.struck() == 1)
        }
    }

    @Test func packetLossLosesChunks() async throws {
        try await with { port, peer, _ in
            try await add("packet_loss", #"{"loss_rate":1}"#, stream: "upstream", to: port)
            try await peer.send("lost")
            try await port.eventually("it is lost") { try await port.struck() == 1 }
            try await remove(from: port)
            try await peer.send("next")
            #expect(try await peer.receive(4) == "next")
        }
    }

    @Test(arguments: [
        ("latency", #"{"latency":60000}"#), ("bandwidth", #"{"rate":0}"#), ("timeout", #"{"timeout":1}"#),
        ("reset_peer", "{}"), ("limit_data", #"{"bytes":0}"#), ("packet_loss", #"{"loss_rate":1}"#),
        ("slow_close", #"{"delay":60000}"#), ("slicer", #"{"average_size":1,"delay":60000000}"#),
    ])
    func toxicityNothingHasNoEffectAtAll(type: String, attributes: String) async throws {
        try await with { port, peer, listen in
            try await add(type, attributes, toxicity: "0", to: port)
            #expect(try await port.live.progress().isEmpty, "there is no window")
            for peer in [peer, try await Peer.connect(listen)] {
                try await peer.send("through")
                #expect(try await peer.receive(7) == "through")
                peer.sendEnd()
                #expect(try await peer.receiveAll() == "")
            }
        }
    }

    @Test func toxicityChoosesConnections() async throws {
        try await with { port, _, listen in
            try await add("reset_peer", stream: "upstream", toxicity: "0.5", to: port)
            var reset = 0
            for _ in 0..<40 {
                let peer = try await Peer.connect(listen)
                do {
                    // A connection is struck always or never.
                    for _ in 0..<3 {
                        try await peer.send("x")
                        _ = try await peer.receive(1)
                    }
                } catch Peer.Failure.reset {
                    reset += 1
                }
            }
            #expect((5...35).contains(reset))
            #expect(try await port.struck() == reset)
        }
    }

    @Test func anUpdateChangesWhatHappensToOpenConnections() async throws {
        try await with { port, peer, _ in
            try await add("bandwidth", #"{"rate":0}"#, to: port)
            try await peer.send("held")
            try await port.eventually("it is held") { try await port.struck() == 1 }
            let answer = try await port.ask(
                "PATCH", "/proxies/p/toxics/t", #"{"attributes":{"rate":1000}}"#)
            #expect(answer.status == 200)
            #expect(try await peer.receive(4) == "held")
        }
    }
}

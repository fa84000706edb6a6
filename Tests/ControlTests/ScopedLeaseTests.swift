import Control
import Reactor
import Stores
import Testing

/// Leases with a scope: many tests on one proxy, each with faults of its own.
@Suite struct ScopedLeaseTests {
    private func with(_ body: (ControlPort, _ listen: String) async throws -> Void) async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            let answer = try await port.ask(
                "POST", "/v1/links", #"{"name":"a","protocol":"tcp","upstream":"\#(echo.address)"}"#)
            try await body(port, try #require(answer.json?["listen"]?.array?[0].string))
        }
    }

    private func take(_ port: ControlPort, _ owner: String, _ scope: String? = nil) async throws -> ControlPort.Answer {
        let scope = scope.map { #","scope":\#($0)"# } ?? ""
        return try await port.ask("PUT", "/v1/leases/\(owner)", #"{"for":"10s"\#(scope)}"#)
    }

    private func inject(_ port: ControlPort, _ kind: String, lease: String) async throws -> ControlPort.Answer {
        try await port.ask("POST", "/v1/faults", #"{"on":"a","inject":\#(kind),"lease":"\#(lease)"}"#)
    }

    private func echoes(_ peer: Peer) async throws -> Bool {
        try await peer.send("x")
        do {
            return try await peer.receive(1) == "x"
        } catch Peer.Failure.reset {
            return false
        }
    }

    @Test func everyOneStrikesItsOwn() async throws {
        try await with { port, listen in
            let peers = [
                try await Peer.connect(listen), try await Peer.connect(listen), try await Peer.connect(listen),
            ]
            #expect(try await take(port, "one", #"{"source-port":\#(try peers[0].port)}"#).status == 200)
            let two = try await take(port, "two", #"{"source-port":[\#(try peers[1].port)]}"#)
            #expect(two.json?["scope"] == ["source-port": [.int(try peers[1].port)]])
            #expect(try await inject(port, #""reset""#, lease: "one").status == 201)
            #expect(try await inject(port, #"{"latency":{"delay":"1us"}}"#, lease: "two").status == 201)
            for (peer, goesOn) in zip(peers, [false, true, true]) { #expect(try await echoes(peer) == goesOn) }
            let told = try await port.ask("GET", "/v1/faults").json?["faults"]?.array
            // Nothing of the third's.
            #expect(told?.map { $0["struck"] } == [1, 1])
        }
    }

    @Test func aScopeGrowsAndStaysWhenItIsRenewed() async throws {
        try await with { port, listen in
            let (first, second) = (try await Peer.connect(listen), try await Peer.connect(listen))
            _ = try await take(port, "one", #"{"source-port":\#(try first.port)}"#)
            _ = try await inject(port, #"{"latency":{"delay":"1us"}}"#, lease: "one")
            #expect(try await echoes(first))
            #expect(try await take(port, "one").json?["scope"] == ["source-port": .int(try first.port)])
            #expect(try await echoes(second))
            #expect(try await port.struck(on: "a") == 1)
            let both = #"{"source-port":[\#(try first.port),\#(try second.port)]}"#
            #expect(try await take(port, "one", both).status == 200)
            #expect(try await echoes(second))
            #expect(try await port.struck(on: "a") == 2, "it goes on counting")
        }
    }

    @Test func whatAScopeCannotHold() async throws {
        try await with { port, listen in
            _ = try await take(port, "one", #"{"header":"X-Test"}"#)
            let useless = try await inject(port, #""reset""#, lease: "one")
            #expect(useless.status == 400)
            #expect(
                useless.json?["error"]?.string
                    == "the scope of 'one' cannot hold reset on 'a', which speaks tcp and knows only these marks: "
                    + "'source-port'")
            _ = try await take(port, "one", #"{"header":"X-Test","source-port":1}"#)
            #expect(try await inject(port, #""refuse""#, lease: "one").status == 400)
            #expect(try await inject(port, #""reset""#, lease: "one").status == 201)
            let narrowed = try await take(port, "one", #"{"header":"X-Test"}"#)
            #expect(narrowed.status == 400)
            let kept = try await port.ask("GET", "/v1/leases").json?["leases"]?.array?[0]["scope"]
            #expect(kept == ["header": "X-Test", "source-port": 1], "nothing has changed")
            for scope in ["{}", "null", "[]", #"{"port":1}"#, #"{"source-port":0}"#, #"{"key":[]}"#] {
                #expect(try await take(port, "two", scope).status == 400, "\(scope)")
            }
        }
    }

    /// Everybody else's traffic goes on where the owner is gone too.
    @Test func itsFaultsHealWithIt() async throws {
        try await with { port, listen in
            let peer = try await Peer.connect(listen)
            _ = try await take(port, "one", #"{"source-port":\#(try peer.port)}"#)
            _ = try await inject(port, #""blackhole""#, lease: "one")
            port.clock.advance(by: .seconds(11))
            try await port.eventually("its fault is healed") { await port.live.now.set.faults.isEmpty }
            #expect(try await echoes(peer))
        }
    }
}

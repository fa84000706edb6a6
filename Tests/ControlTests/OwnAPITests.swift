import Control
import Stores
import Testing

/// Our own API over a real socket.
@Suite struct OwnAPITests {
    /// A link `a` to a server that echoes, whose messages are chunks.
    private func with(_ body: (ControlPort, _ listen: String) async throws -> Void) async throws {
        let echo = try Echo()
        try await ControlPort.with { port in
            let answer = try await port.ask(
                "POST", "/v1/links", #"{"name":"a","protocol":"tcp","upstream":"\#(echo.address)"}"#)
            try #require(answer.status == 201, "\(answer)")
            try await body(port, try #require(answer.json?["listen"]?.array?[0].string))
        }
    }

    private func inject(_ port: ControlPort, _ body: String) async throws -> JSON {
        let answer = try await port.ask("POST", "/v1/faults", body)
        try #require(answer.status == 201, "\(answer)")
        return try #require(answer.json)
    }

    private func expectRefusal(
        _ port: ControlPort, _ method: String, _ path: String, _ body: String? = nil, _ status: Int, _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await port.ask(method, path, body)
        #expect(answer.status == status, "\(method) \(path): \(answer)", sourceLocation: sourceLocation)
        #expect(answer.json?["status"] == .int(status), sourceLocation: sourceLocation)
        #expect(
            answer.json?["error"]?.string?.contains(message) == true, "\(answer)", sourceLocation: sourceLocation)
    }

    @Test func linksFromTheirMakingToTheirEnd() async throws {
        try await with { port, listen in
            let link = try await port.ask("GET", "/v1/links/a")
            #expect(link.status == 200 && link.json?["listen"] == [.string(listen)] && link.json?["enabled"] == true)
            let listed = try await port.ask("GET", "/v1/links")
            #expect(listed.json == ["links": .array([try #require(link.json)])])
            let disabled = try await port.ask("PATCH", "/v1/links/a", #"{"enabled":false}"#)
            #expect(disabled.status == 200 && disabled.json?["enabled"] == false)
            await #expect(throws: Peer.Failure.self) { try await Peer.connect(listen) }
            let enabled = try await port.ask("PATCH", "/v1/links/a", #"{"enabled":true}"#)
            #expect(enabled.json?["listen"] == [.string(listen)])
            let moved = try await port.ask("PATCH", "/v1/links/a", #"{"upstream":"127.0.0.1:1"}"#)
            #expect(moved.json?["upstream"] == "127.0.0.1:1" && moved.json?["listen"] == [.string(listen)])
            // Toxiproxy's clients see it too.
            let proxy = try await port.ask("GET", "/proxies/a")
            #expect(proxy.json?["listen"]?.string == listen)
            let gone = try await port.ask("DELETE", "/v1/links/a")
            #expect(gone.status == 204 && gone.body == "")
            try await expectRefusal(port, "GET", "/v1/links/a", nil, 404, "there is no link 'a'")
        }
    }

    @Test func linksThatCannotBe() async throws {
        try await with { port, listen in
            for (body, status, message) in [
                ("", 400, "must be a JSON object"), ("[]", 400, "must be a JSON object"),
                ("{}", 400, "needs the option 'name'"),
                (#"{"name":"b","protocol":"smtp","upstream":"127.0.0.1:1"}"#, 400, "protocol"),
                (#"{"name":"b","protocol":"tcp","upstrem":"127.0.0.1:1"}"#, 400, "is 'upstrem' meant to be it?"),
                (#"{"name":"b","protocol":"tcp","upstream":"native"}"#, 400, "upstream is 'native'"),
                (#"{"name":"b","protocol":"tcp","upstream":"127.0.0.1:1","x":1}"#, 400, "has no option 'x'"),
                (#"{"name":"a","protocol":"tcp","upstream":"127.0.0.1:1"}"#, 409, "another link of this name"),
                (
                    #"{"name":"b","protocol":"tcp","upstream":"127.0.0.1:1","listen":"\#(listen)"}"#, 409,
                    "Address already in use"
                ),
            ] { try await expectRefusal(port, "POST", "/v1/links", body, status, message) }
            try await expectRefusal(port, "PATCH", "/v1/links/a", #"{"name":"b"}"#, 400, "has no option 'name'")
            try await expectRefusal(port, "PATCH", "/v1/links/a", #"{"listen":"nonsense"}"#, 409, "is no address")
            try await expectRefusal(port, "PATCH", "/v1/links/z", "{}", 404, "there is no link 'z'")
            try await expectRefusal(port, "DELETE", "/v1/links/z", nil, 404, "there is no link 'z'")
            try await expectRefusal(port, "PUT", "/v1/links", "{}", 405, "this path knows GET, POST")
            try await expectRefusal(port, "GET", "/v1/frobnicate", nil, 404, "openapi.json")
            #expect(try await Peer.connect(listen) as Peer? != nil, "all that changed nothing")
        }
    }

    @Test func faultsFromTheirMakingToTheirEnd() async throws {
        try await with { port, listen in
            let peer = try await Peer.connect(listen)
            let fault = try await inject(
                port, #"{"on":"a","name":"cut","inject":{"reset":{}},"when":{"nth":3,"direction":"request"}}"#)
            #expect(fault["number"] == 1 && fault["kind"] == "reset" && fault["name"] == "cut")
            #expect(fault["when"] == ["nth": 3, "direction": "request"])
            for _ in 0..<2 {
                try await peer.send("x")
                #expect(try await peer.receive(1) == "x")
            }
            let seen = try await port.ask("GET", "/v1/faults/1")
            #expect(seen.json?["matched"] == 2 && seen.json?["struck"] == 0 && seen.json?["open"] == true)
            // Another that comes and goes leaves the count alone.
            _ = try await inject(port, #"{"on":"a","inject":{"latency":{"delay":"1us"}}}"#)
            let healed = try await port.ask("DELETE", "/v1/faults/2")
            #expect(healed.status == 204)
            try await peer.send("x")
            await #expect(throws: Peer.Failure.reset) { try await peer.receive(1) }
            let listed = try await port.ask("GET", "/v1/faults?link=a")
            #expect(listed.json?["faults"]?.array?[0]["struck"] == 1)
            let none = try await port.ask("GET", "/v1/faults?link=b")
            #expect(none.json == ["faults": []])

            let changed = try await port.ask("PUT", "/v1/faults/1", #"{"on":"a","inject":"blackhole","for":"20s"}"#)
            #expect(changed.status == 200 && changed.json?["kind"] == "blackhole" && changed.json?["name"] == .null)
            #expect(changed.json?["remaining_ms"] == 20000 && changed.json?["struck"] == 0)
            port.clock.advance(by: .seconds(5))
            #expect(try await port.ask("GET", "/v1/faults/1").json?["remaining_ms"] == 15000)
            port.clock.advance(by: .seconds(15))
            try await port.live.sweep()
            try await expectRefusal(port, "GET", "/v1/faults/1", nil, 404, "there is no fault '1'")
        }
    }

    @Test func healingSomeOrAll() async throws {
        try await with { port, _ in
            for name in ["x", "y", "z"] {
                _ = try await inject(port, #"{"on":"a","name":"\#(name)","inject":"blackhole"}"#)
            }
            let one = try await port.ask("DELETE", "/v1/faults?name=y")
            #expect(one.status == 200 && one.json == ["healed": [2]])
            #expect(try await port.ask("DELETE", "/v1/faults?link=b").json == ["healed": []])
            #expect(try await port.ask("DELETE", "/v1/faults").json == ["healed": [1, 3]])
            try await expectRefusal(port, "DELETE", "/v1/faults?lnk=a", nil, 400, "there is no parameter 'lnk'")
            try await expectRefusal(port, "DELETE", "/v1/faults/1", nil, 404, "there is no fault '1'")
            try await expectRefusal(port, "DELETE", "/v1/faults/x", nil, 404, "there is no fault 'x'")
        }
    }

    @Test func faultsThatCannotBe() async throws {
        try await with { port, _ in
            _ = try await inject(port, #"{"on":"a","name":"x","inject":"blackhole"}"#)
            for (body, status, message) in [
                ("nonsense", 400, "must be a JSON object"), ("{}", 400, "needs the option 'on'"),
                (#"{"on":"z","inject":"reset"}"#, 404, "there is no link 'z'"),
                (#"{"on":"a"}"#, 400, "needs the option 'inject'"),
                (#"{"on":"a","inject":"rest"}"#, 400, "inject names no fault: 'rest'"),
                (#"{"on":"a","inject":"kill"}"#, 400, "it strikes a process"),
                (#"{"process":"w","inject":"kill"}"#, 400, ""),
                (#"{"on":"a","inject":{"status":{"code":503}}}"#, 400, "the link 'a' speaks tcp"),
                (#"{"on":"a","inject":{"latency":{"dely":"1s"}}}"#, 400, "inject.latency needs the option 'delay'"),
                (#"{"on":"a","inject":"reset","when":{"nht":1}}"#, 400, "when has no option 'nht'"),
                (#"{"on":"a","inject":"reset","for":"0s"}"#, 400, "for is no time at all"),
                (#"{"on":"a","inject":"reset","for":"25h"}"#, 400, "for is more than a day"),
                (#"{"on":"a","inject":"reset","for":30}"#, 400, "for has no unit"),
                (#"{"on":"a","inject":"reset","lease":"nobody"}"#, 404, "there is no lease of 'nobody'"),
                (#"{"on":"a","name":"x","inject":"reset"}"#, 409, "there is a fault 'x'"),
            ] { try await expectRefusal(port, "POST", "/v1/faults", body, status, message) }
            try await expectRefusal(port, "PUT", "/v1/faults/9", "{}", 404, "there is no fault '9'")
            try await expectRefusal(port, "PUT", "/v1/faults/1", #"{"on":"a"}"#, 400, "needs the option 'inject'")
            #expect(await port.live.now.set.faults.map(\.title) == ["x"])
        }
    }

    @Test func leases() async throws {
        try await with { port, _ in
            let taken = try await port.ask("PUT", "/v1/leases/test%201", #"{"for":"10s"}"#)
            #expect(taken.status == 200)
            #expect(taken.json == ["owner": "test 1", "remaining_ms": 10000, "scope": .null, "faults": []])
            _ = try await inject(port, #"{"on":"a","inject":"blackhole","lease":"test 1"}"#)
            port.clock.advance(by: .seconds(9))
            let renewed = try await port.ask("PUT", "/v1/leases/test%201", #"{"for":"10s"}"#)
            #expect(renewed.json == ["owner": "test 1", "remaining_ms": 10000, "scope": .null, "faults": [1]])
            port.clock.advance(by: .seconds(9))
            #expect(try await port.ask("GET", "/v1/faults/1").json?["remaining_ms"] == 1000)
            let ended = try await port.ask("DELETE", "/v1/leases/test%201")
            #expect(ended.json == ["healed": [1]])
            #expect(try await port.ask("GET", "/v1/leases").json == ["leases": []])
            try await expectRefusal(port, "DELETE", "/v1/leases/x", nil, 404, "there is no lease of 'x'")
            for body in ["{}", #"{"for":"0s"}"#, #"{"for":"1s","x":1}"#, ""] {
                #expect(try await port.ask("PUT", "/v1/leases/x", body).status == 400)
            }
        }
    }

    @Test func whoWatchesSeesWhatFaultStruckWhat() async throws {
        try await with { port, listen in
            _ = try await inject(port, #"{"on":"a","inject":{"latency":{"delay":"1us"}},"when":{"nth":2}}"#)
            let events = Collected<JSON>()
            let client = ControlClient(port.address, token: nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (started, start) = AsyncStream.makeStream(of: Void.self)
                group.addTask {
                    try await client.watch(
                        ["link": "a", "kind": "message"], onStart: { start.finish() },
                        onEvent: { event in
                            if case .wire(let event) = event { events.append(event) }
                            return events.all.count < 6
                        })
                }
                for await _ in started {}
                let peer = try await Peer.connect(listen)
                for text in ["x", "yy", "zzz"] {
                    try await peer.send(text)
                    #expect(try await peer.receive(text.utf8.count) == text)
                }
                try await group.waitForAll()
            }
            #expect(events.all.compactMap { $0["window"]?.int } == [0, 0, 1, 0, 0, 0])
            #expect(events.all.compactMap { $0["size"]?.int } == [1, 1, 2, 2, 3, 3])
            for query in ["kind=x", "direction=up", "struck=0", "lnk=a"] {
                try await expectRefusal(port, "GET", "/v1/events?\(query)", nil, 400, "")
            }
        }
    }

    @Test func theDescriptionIsJSONAndNamesEveryPath() async throws {
        try await ControlPort.with { port in
            let answer = try await port.ask("GET", "/v1/openapi.json")
            let paths = try #require(answer.json?["paths"]?.object)
            for path in paths.keys {
                let real = path.replacing("{name}", with: "x").replacing("{number}", with: "1")
                    .replacing("{owner}", with: "x")
                let answer = try await port.ask("OPTIONS", real)
                #expect(answer.status == 405, "\(path)")
                let methods = Set(try #require(paths[path]?.object).keys).subtracting(["parameters"])
                #expect(answer.headers["allow"] == methods.map { $0.uppercased() }.sorted().joined(separator: ", "))
            }
        }
    }
}

import Control
import Proxy
import Reactor
import Stores
import Testing

/// Every route of Toxiproxy's API over a real socket: statuses and bodies.
///
/// The answers are those of Toxiproxy 2.12 (api.go, toxic_collection.go), but for what stands behind `bad request body:`, which
/// are words of Go's JSON decoder there.
@Suite struct ToxiproxyRoutesTests {
    private func expect(
        _ port: ControlPort, _ method: String, _ path: String, _ body: String? = nil, _ status: Int, _ answer: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let got = try await port.ask(method, path, body)
        #expect(got.status == status, "\(method) \(path): \(got)", sourceLocation: sourceLocation)
        if let json = JSON(Array(answer.utf8)) {
            #expect(got.json == json, "\(method) \(path): \(got)", sourceLocation: sourceLocation)
            #expect(got.headers["content-type"]?.hasPrefix("application/json") == true, sourceLocation: sourceLocation)
        } else {
            #expect(got.body == answer, "\(method) \(path)", sourceLocation: sourceLocation)
        }
    }

    private func error(_ status: Int, _ message: String) -> String { #"{"error":"\#(message)","status":\#(status)}"# }

    @Test func proxiesFromTheirMakingToTheirEnd() async throws {
        try await ControlPort.with { port in
            try await expect(port, "GET", "/proxies", nil, 200, "{}")
            let made = try await port.ask("POST", "/proxies", #"{"name":"a b","upstream":"127.0.0.1:1"}"#)
            #expect(made.status == 201)
            let listen = try #require(made.json?["listen"]?.string)
            #expect(listen.hasPrefix("127.0.0.1:") && listen != "127.0.0.1:0", "port 0 answers with the real one")
            func proxy(upstream: String = "127.0.0.1:1", enabled: Bool = true, listen: String) -> String {
                #"{"name":"a b","listen":"\#(listen)","upstream":"\#(upstream)","enabled":\#(enabled),"toxics":[]}"#
            }
            #expect(made.json == JSON(Array(proxy(listen: listen).utf8)))
            try await expect(port, "GET", "/proxies/a%20b", nil, 200, proxy(listen: listen))
            try await expect(port, "GET", "/proxies", nil, 200, "{\"a b\":\(proxy(listen: listen))}")
            for method in ["POST", "PATCH"] {
                try await expect(
                    port, method, "/proxies/a%20b", #"{"enabled":false}"#, 200, proxy(enabled: false, listen: listen))
                try await expect(port, method, "/proxies/a%20b", "{}", 200, proxy(enabled: false, listen: listen))
                try await expect(
                    port, method, "/proxies/a%20b", #"{"Enabled":true,"name":"z"}"#, 200, proxy(listen: listen))
                try await expect(
                    port, method, "/proxies/a%20b", #"{"upstream":":2","listen":"\#(listen)"}"#, 200,
                    proxy(upstream: "127.0.0.1:2", listen: listen))
                try await expect(
                    port, method, "/proxies/a%20b", #"{"upstream":"127.0.0.1:1"}"#, 200, proxy(listen: listen))
            }
            let moved = try await port.ask("PATCH", "/proxies/a%20b", #"{"listen":"127.0.0.2:0"}"#)
            #expect(moved.status == 200 && moved.json?["listen"]?.string?.hasPrefix("127.0.0.2:") == true)
            try await expect(port, "DELETE", "/proxies/a%20b", nil, 204, "")
            try await expect(port, "DELETE", "/proxies/a%20b", nil, 404, error(404, "proxy not found"))
            try await expect(port, "GET", "/proxies", nil, 200, "{}")
        }
    }

    @Test func proxiesThatCannotBe() async throws {
        try await ControlPort.with { port in
            let listen = try await port.proxy(to: "127.0.0.1:1")
            for (body, status, message) in [
                ("", 400, "bad request body: EOF"), ("{", 400, "bad request body: invalid JSON"),
                ("[]", 400, "bad request body: an object was expected"),
                (#"{"name":1}"#, 400, "bad request body: name must be a string"),
                (#"{"name":"q","upstream":"x:1","enabled":1}"#, 400, "bad request body: enabled must be true or false"),
                ("{}", 400, "missing required field: name"),
                (#"{"upstream":"127.0.0.1:1"}"#, 400, "missing required field: name"),
                (#"{"name":"q"}"#, 400, "missing required field: upstream"),
                (#"{"name":"p","upstream":"127.0.0.1:1"}"#, 409, "proxy already exists"),
            ] { try await expect(port, "POST", "/proxies", body, status, error(status, message)) }
            let taken = try await port.ask(
                "POST", "/proxies", #"{"name":"q","upstream":"127.0.0.1:1","listen":"\#(listen)"}"#)
            #expect(taken.status == 500 && taken.json?["status"] == 500)
            #expect(taken.json?["error"]?.string?.contains("Address already in use") == true, "\(taken)")
            #expect(await port.live.now.set.links.count == 1)
            for method in ["GET", "POST", "PATCH", "DELETE"] {
                let body = method == "GET" || method == "DELETE" ? nil : "{}"
                try await expect(port, method, "/proxies/z", body, 404, error(404, "proxy not found"))
            }
            for method in ["POST", "PATCH"] {
                try await expect(port, method, "/proxies/p", "", 400, error(400, "bad request body: EOF"))
                try await expect(
                    port, method, "/proxies/p", #"{"listen":7}"#, 400,
                    error(400, "bad request body: listen must be a string"))
            }
        }
    }

    @Test func toxicsFromTheirMakingToTheirEnd() async throws {
        try await ControlPort.with { port in
            _ = try await port.proxy(to: "127.0.0.1:1")
            func toxic(_ latency: Int, _ jitter: Int = 0, toxicity: String = "1") -> String {
                #"{"attributes":{"latency":\#(latency),"jitter":\#(jitter)},"name":"latency_downstream","#
                    + #""type":"latency","stream":"downstream","toxicity":\#(toxicity)}"#
            }
            try await expect(port, "GET", "/proxies/p/toxics", nil, 200, "[]")
            try await expect(
                port, "POST", "/proxies/p/toxics", #"{"type":"latency","attributes":{"latency":5}}"#, 200, toxic(5))
            try await expect(port, "GET", "/proxies/p/toxics", nil, 200, "[\(toxic(5))]")
            let path = "/proxies/p/toxics/latency_downstream"
            try await expect(port, "GET", path, nil, 200, toxic(5))
            for method in ["POST", "PATCH"] {
                try await expect(port, method, path, #"{"attributes":{"jitter":2}}"#, 200, toxic(5, 2))
                // Name, type and stream stay what they are.
                try await expect(
                    port, method, path, #"{"toxicity":0.25,"name":"x","type":"slicer","stream":"upstream"}"#, 200,
                    toxic(5, 2, toxicity: "0.25"))
                try await expect(
                    port, method, path, #"{"toxicity":1,"attributes":{"latency":5,"jitter":0}}"#, 200, toxic(5))
                try await expect(port, method, path, "{}", 200, toxic(5))
            }
            // Those of the other direction come first, as they do there.
            let up = #"{"attributes":{"rate":9},"name":"b","type":"bandwidth","stream":"upstream","toxicity":0}"#
            try await expect(port, "POST", "/proxies/p/toxics", up, 200, up)
            try await expect(port, "GET", "/proxies/p/toxics", nil, 200, "[\(up),\(toxic(5))]")
            let shown = try await port.ask("GET", "/proxies/p")
            #expect(shown.json?["toxics"] == JSON(Array("[\(up),\(toxic(5))]".utf8)))
            try await expect(port, "DELETE", path, nil, 204, "")
            try await expect(port, "DELETE", path, nil, 404, error(404, "toxic not found"))
            try await expect(port, "GET", "/proxies/p/toxics", nil, 200, "[\(up)]")
        }
    }

    @Test(arguments: [
        ("latency", #"{"latency":0,"jitter":0}"#), ("bandwidth", #"{"rate":0}"#), ("slow_close", #"{"delay":0}"#),
        ("timeout", #"{"timeout":0}"#), ("reset_peer", #"{"timeout":0}"#), ("limit_data", #"{"bytes":0}"#),
        ("slicer", #"{"average_size":0,"size_variation":0,"delay":0}"#),
        ("packet_loss", #"{"loss_rate":0.1,"correlation":0.0}"#),
    ])
    func everyToxicWithWhatItHasOfItself(type: String, attributes: String) async throws {
        try await ControlPort.with { port in
            _ = try await port.proxy(to: "127.0.0.1:1")
            for stream in ["upstream", "downstream"] {
                let body = #"{"type":"\#(type)","stream":"\#(stream)"}"#
                let answer =
                    #"{"attributes":\#(attributes),"name":"\#(type)_\#(stream)","type":"\#(type)","#
                    + #""stream":"\#(stream)","toxicity":1}"#
                try await expect(port, "POST", "/proxies/p/toxics", body, 200, answer)
            }
        }
    }

    @Test func toxicsThatCannotBe() async throws {
        try await ControlPort.with { port in
            _ = try await port.proxy(to: "127.0.0.1:1")
            let stream = "stream was invalid, can be either upstream or downstream"
            _ = try await port.ask("POST", "/proxies/p/toxics", #"{"name":"t","type":"timeout","stream":"upstream"}"#)
            for (body, status, message) in [
                ("", 400, "bad request body: EOF"), ("nonsense", 400, "bad request body: invalid JSON"),
                (#"{"type":"latency","stream":"sideways"}"#, 400, stream),
                ("{}", 400, "invalid toxic type"), (#"{"type":"latancy"}"#, 400, "invalid toxic type"),
                (#"{"name":"t","type":"latency"}"#, 409, "toxic already exists"),
                (
                    #"{"type":"latency","attributes":{"latency":"1"}}"#, 400,
                    "bad request body: latency must be a whole number"
                ),
                (
                    #"{"type":"latency","attributes":{"latency":1.5}}"#, 400,
                    "bad request body: latency must be a whole number"
                ),
                (
                    #"{"type":"latency","attributes":{"latency":99999999999999999999}}"#, 400,
                    "bad request body: latency must be a whole number"
                ),
                (#"{"type":"latency","toxicity":"1"}"#, 400, "bad request body: toxicity must be a number"),
                (#"{"type":"latency","toxicity":1e300}"#, 400, "bad request body: toxicity is too large"),
                (#"{"type":"latency","attributes":[]}"#, 400, "bad request body: an object was expected"),
            ] { try await expect(port, "POST", "/proxies/p/toxics", body, status, error(status, message)) }
            for method in ["POST", "PATCH"] {
                try await expect(port, method, "/proxies/p/toxics/t", "", 400, error(400, "bad request body: EOF"))
                try await expect(
                    port, method, "/proxies/p/toxics/t", #"{"attributes":{"timeout":"9"}}"#, 400,
                    error(400, "bad request body: timeout must be a whole number"))
            }
            for method in ["GET", "POST", "PATCH", "DELETE"] {
                let body = method == "GET" || method == "DELETE" ? nil : "{}"
                try await expect(port, method, "/proxies/p/toxics/z", body, 404, error(404, "toxic not found"))
                try await expect(port, method, "/proxies/z/toxics/t", body, 404, error(404, "proxy not found"))
            }
            try await expect(port, "GET", "/proxies/z/toxics", nil, 404, error(404, "proxy not found"))
            try await expect(port, "POST", "/proxies/z/toxics", "{}", 404, error(404, "proxy not found"))
            #expect(await port.live.now.set.faults.count == 1)
        }
    }

    @Test func resetEnablesEveryProxyAndTakesTheToxicsAway() async throws {
        try await ControlPort.with { port in
            let echo = try Echo()
            let listen = try await port.proxy(to: echo.address)
            _ = try await port.ask("POST", "/proxies/p/toxics", #"{"type":"timeout"}"#)
            _ = try await port.ask("PATCH", "/proxies/p", #"{"enabled":false}"#)
            try await port.live.add(.test("latency", ["delay": "1us"], on: "p"))
            try await expect(port, "POST", "/reset", nil, 204, "")
            let peer = try await Peer.connect(listen)
            try await peer.send("x")
            #expect(try await peer.receive(1) == "x")
            try await expect(port, "GET", "/proxies/p/toxics", nil, 200, "[]")
            #expect(await port.live.now.set.faults.count == 1, "what is no toxic is left alone")
        }
    }

    @Test func anUpstreamMayGetItsNameLater() async throws {
        let (echo, known) = (try Echo(), Collected<String>())
        let resolver: Resolver = { host, port in
            guard host == "later.test" else { return try SocketAddress.resolve(host: host, port: port) }
            guard let address = known.all.last else {
                throw SocketError(doing: "resolve later.test", code: 0, message: "nobody knows it")
            }
            return try SocketAddress.resolve(host: address, port: port)
        }
        try await ControlPort.with(resolver: resolver) { port in
            let upstream = "later.test:\(echo.address.split(separator: ":")[1])"
            let listen = try await port.proxy(to: upstream)
            for _ in 0..<2 {
                await #expect(throws: Peer.Failure.self) { try await Peer.connect(listen).receive(1) }
            }
            #expect(try await port.scrape()[#"faultline_dial_failures_total{link="p"}"#] == 2)
            // Our own API says at once that a name is unknown.
            let own = try await port.ask(
                "POST", "/v1/links", #"{"name":"a","protocol":"tcp","upstream":"later.test:1"}"#)
            #expect(own.status == 409 && own.body.contains("later.test"), "\(own)")
            // First at an address where nobody listens, then at another.
            known.append("127.0.0.2")
            await #expect(throws: Peer.Failure.self) { try await Peer.connect(listen).receive(1) }
            known.append("127.0.0.1")
            for _ in 0..<2 {
                let peer = try await Peer.connect(listen)
                try await peer.send("x")
                #expect(try await peer.receive(1) == "x")
            }
        }
    }

    @Test func resetTakesToxicsAwayThoughAProxyCannotBeEnabled() async throws {
        try await ControlPort.with { port in
            let listen = try await port.proxy("taken", to: "127.0.0.1:1")
            _ = try await port.ask("PATCH", "/proxies/taken", #"{"enabled":false}"#)
            _ = try await port.ask(
                "POST", "/proxies", #"{"name":"other","upstream":"127.0.0.1:1","listen":"\#(listen)"}"#)
            _ = try await port.proxy("z", to: "127.0.0.1:1")
            _ = try await port.ask("PATCH", "/proxies/z", #"{"enabled":false}"#)
            _ = try await port.ask("POST", "/proxies/z/toxics", #"{"type":"timeout"}"#)
            let answer = try await port.ask("POST", "/reset")
            #expect(answer.status == 500 && answer.json?["status"] == 500, "\(answer)")
            let z = try await port.ask("GET", "/proxies/z")
            #expect(z.json?["toxics"] == [] && z.json?["enabled"] == true, "the others are reset")
        }
    }

    @Test func aProxyThatPopulateCannotReplaceStaysAsItIs() async throws {
        try await ControlPort.with { port in
            let echo = try Echo()
            let listen = try await port.proxy("p", to: echo.address)
            let other = try await port.proxy("q", to: "127.0.0.1:1")
            _ = try await port.ask("POST", "/proxies/p/toxics", #"{"type":"slicer"}"#)
            let body = #"[{"name":"p","upstream":"127.0.0.1:1","listen":"\#(other)"}]"#
            let answer = try await port.ask("POST", "/populate", body)
            #expect(answer.status == 500 && answer.json?["proxies"] == .null)
            let peer = try await Peer.connect(listen)
            try await peer.send("x")
            #expect(try await peer.receive(1) == "x")
            #expect(try await port.ask("GET", "/proxies/p/toxics").json?.array?.count == 1)
        }
    }

    @Test func aStreamIsToldAsItWasWritten() async throws {
        try await ControlPort.with { port in
            _ = try await port.proxy(to: "127.0.0.1:1")
            let answer =
                #"{"attributes":{"timeout":-1},"name":"timeout_UpStream","type":"timeout","#
                + #""stream":"UpStream","toxicity":-2.5}"#
            try await expect(
                port, "POST", "/proxies/p/toxics",
                #"{"type":"timeout","stream":"UpStream","toxicity":-2.5,"attributes":{"timeout":-1,"x":[]}}"#, 200,
                answer)
            try await expect(port, "GET", "/proxies/p/toxics/timeout_UpStream", nil, 200, answer)
            for stream in ["", "up", "upstream "] {
                try await expect(
                    port, "POST", "/proxies/p/toxics", #"{"type":"timeout","stream":"\#(stream)"}"#, 400,
                    error(400, "stream was invalid, can be either upstream or downstream"))
            }
        }
    }

    @Test func populateMakesAndReplacesAndLeavesAlone() async throws {
        try await ControlPort.with { port in
            for body in ["[]", "null"] {
                try await expect(port, "POST", "/populate", body, 201, #"{"proxies":null}"#)
            }
            let listen = try await port.proxy("stays", to: "127.0.0.1:1")
            _ = try await port.ask("POST", "/proxies/stays/toxics", #"{"type":"timeout"}"#)
            _ = try await port.proxy("moves", to: "127.0.0.1:1")
            _ = try await port.ask("POST", "/proxies/moves/toxics", #"{"type":"timeout"}"#)
            let body = """
                [{"name":"stays","listen":"\(listen)","upstream":"127.0.0.1:1"},
                 {"name":"moves","upstream":"127.0.0.1:2","enabled":false},
                 {"name":"new","upstream":"127.0.0.1:1","toxics":[{"type":"slicer","attributes":{"average_size":7}}]}]
                """
            let answer = try await port.ask("POST", "/populate", body)
            #expect(answer.status == 201)
            let proxies = try #require(answer.json?["proxies"]?.array)
            #expect(proxies.compactMap { $0["name"]?.string } == ["stays", "moves", "new"])
            #expect(proxies.compactMap { $0["toxics"]?.array?.count } == [1, 0, 1])
            #expect(proxies[1]["enabled"] == false && proxies[1]["upstream"] == "127.0.0.1:2")
            #expect(proxies[2]["toxics"]?.array?[0]["attributes"]?["average_size"] == 7)
            // Again: what is there is left alone, and toxics that are named take the place of what there is.
            let found = try #require(proxies[2]["listen"]?.string)
            let again = try await port.ask(
                "POST", "/populate", #"[{"name":"new","upstream":"127.0.0.1:1","listen":"\#(found)","toxics":[]}]"#)
            #expect(again.json?["proxies"]?.array?[0]["listen"]?.string == found)
            #expect(again.json?["proxies"]?.array?[0]["toxics"] == [])
            for (body, message) in [
                ("", "bad request body: EOF"), ("{}", "bad request body: a list was expected"),
                ("[1]", "bad request body: an object was expected"),
                (#"[{"name":"q","upstream":"127.0.0.1:1"},{}]"#, "missing required field: name at proxy 2"),
                (#"[{"name":"q"}]"#, "missing required field: upstream at proxy 1"),
                (#"[{"name":"q","upstream":"127.0.0.1:1","toxics":[{"type":"x"}]}]"#, "invalid toxic type"),
            ] {
                try await expect(
                    port, "POST", "/populate", body, 400, #"{"error":"\#(message)","proxies":null,"status":400}"#)
            }
            #expect(await port.live.now.set.links.map(\.name).sorted() == ["moves", "new", "stays"])
            // One that cannot listen ends it; those before it are made.
            let partly = try await port.ask(
                "POST", "/populate",
                #"[{"name":"q","upstream":"127.0.0.1:1"},{"name":"r","upstream":"127.0.0.1:1","listen":"\#(found)"}]"#)
            #expect(partly.status == 500 && partly.json?["proxies"]?.array?.count == 1)
        }
    }

    @Test func theRest() async throws {
        try await ControlPort.with { port in
            let version = try await port.ask("GET", "/version")
            #expect(version.status == 200 && version.body == "{\"version\": \"2.12.0\"}\n")
            #expect(version.headers["content-type"] == "application/json;charset=utf-8")
            for path in ["/", "/proxies/", "/proxies/a/b", "/proxies/a/toxics/b/c", "/frobnicate", "/reset/x"] {
                try await expect(port, "GET", path, nil, 404, "404 page not found\n")
            }
            for (path, allowed) in [
                ("/reset", "POST"), ("/populate", "POST"), ("/version", "GET"), ("/proxies", "GET, POST"),
                ("/proxies/a", "DELETE, GET, PATCH, POST"), ("/proxies/a/toxics", "GET, POST"),
                ("/proxies/a/toxics/b", "DELETE, GET, PATCH, POST"),
            ] {
                let answer = try await port.ask("PUT", path)
                #expect(answer.status == 405 && answer.body == "" && answer.headers["allow"] == allowed)
            }
            #expect(try await port.ask("HEAD", "/version").status == 405)
            // A name may have a slash in it; there such a proxy can be made and not be reached.
            _ = try await port.proxy("a/b", to: "127.0.0.1:1")
            #expect(try await port.ask("GET", "/proxies/a%2Fb").json?["name"] == "a/b")
            let browser = try await port.ask("GET", "/version", headers: ["User-Agent": "Mozilla/5.0"])
            #expect(browser.status == 403 && browser.body == "User agent not allowed\n")
        }
    }
}

import Control
import Proxy
import Testing

/// Who may ask the control port, and how much.
@Suite struct GuardianTests {
    @Test func pagesOfOtherOriginsAreRefused() async throws {
        try await ControlPort.with { port in
            for headers in [
                ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": "http://127.0.0.1:1"],
                ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
                ["Host": "evil.example"], ["Host": "127.0.0.1.evil.example:8474"], ["Host": "127.evil"],
            ] {
                let answer = try await port.ask("GET", "/version", headers: headers)
                #expect(answer.status == 403, "\(headers)")
            }
            for headers in [
                [:], ["Origin": "http://\(port.address)"], ["Sec-Fetch-Site": "none"], ["Host": "localhost:8474"],
                ["Host": "[::1]:8474"], ["Host": "127.1.2.3"],
            ] {
                let answer = try await port.ask("GET", "/version", headers: headers)
                #expect(answer.status == 200, "\(headers)")
            }
        }
    }

    @Test func aTokenIsAskedForWhereThereIsOne() async throws {
        try await ControlPort.with(token: "right") { port in
            for value in ["", "right", "Bearer", "Bearer wrong", "Bearer rightt", "Bearer righ", "Basic right"] {
                let answer = try await port.ask("GET", "/proxies", headers: ["Authorization": value])
                #expect(answer.status == 401, "\(value)")
            }
            for value in ["Bearer right", "bearer right"] {
                let answer = try await port.ask(
                    "GET", "/proxies", headers: ["Authorization": value, "Host": "proxy.staging"])
                #expect(answer.status == 200, "\(value)")
            }
        }
    }

    @Test(arguments: ["0.0.0.0:8474", "[::]:8474", "10.0.0.1:8474", "proxy.staging:8474"])
    func beyondLoopbackThereMustBeOne(address: String) throws {
        #expect(throws: (any Error).self) { try ControlServer.Place(address, token: nil) }
        #expect(try ControlServer.Place(address, token: "t").port == 8474)
    }

    @Test(arguments: ["8474", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:65536", ":8474"])
    func whatIsNoAddressIsTold(address: String) {
        #expect(throws: (any Error).self) { try ControlServer.Place(address, token: "t") }
    }

    @Test func aBodyThatIsTooLongIsRefused() async throws {
        try await ControlPort.with { port in
            let long = #"{"name":""# + String(repeating: "x", count: 1 << 20) + #""}"#
            let answer = try await port.ask("POST", "/proxies", long)
            #expect(answer.status == 413)
            let name = try await port.ask(
                "POST", "/proxies", #"{"name":""# + String(repeating: "x", count: 2000) + #""}"#)
            #expect(name.status == 400)
            let deep = try await port.ask("POST", "/proxies", String(repeating: "[", count: 100_000))
            #expect(deep.status == 400)
        }
    }

    @Test func upstreamsBeyondThisMachineNeedLeave() async throws {
        try await ControlPort.with(
            allow: { if !$0.hasPrefix("127.") { throw LiveError.notAllowed(host: $0) } },
            { port in
                let made = try await port.ask("POST", "/proxies", #"{"name":"p","upstream":"db.staging:1"}"#)
                #expect(made.status == 403 && made.body.contains("--allow db.staging"))
                _ = try await port.proxy(to: "127.0.0.1:1")
                let moved = try await port.ask("PATCH", "/proxies/p", #"{"upstream":"db.staging:1"}"#)
                #expect(moved.status == 403)
                let populated = try await port.ask("POST", "/populate", #"[{"name":"q","upstream":"db.staging:1"}]"#)
                #expect(populated.status == 403)
                #expect(await port.live.now.set.links.map(\.configuration.upstream) == ["127.0.0.1:1"])
            })
    }
}

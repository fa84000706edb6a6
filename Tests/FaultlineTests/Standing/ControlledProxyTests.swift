import Foundation
import Subprocess
import Testing

/// `faultline proxy` with its control API, as a user starts it.
@Suite struct ControlledProxyTests {
    private func proxy(_ arguments: String..., environment: [String] = []) throws -> ChildProcess {
        try ChildProcess(["env"] + environment + [Program.path, "proxy", "--api", "127.0.0.1:0"] + arguments)
    }

    /// What the API answers, read with curl.
    private func ask(_ address: String, _ arguments: String...) throws -> String {
        let process = try ChildProcess(["curl", "-sS", "-w", "\n%{http_code} end\n"] + arguments + [address])
        var text = ""
        while true {
            let line = try process.nextLine(with: "")
            if line.hasSuffix(" end") { return "\(line.dropLast(4)) \(text)" }
            text += line
        }
    }

    private func api(_ proxy: ChildProcess) throws -> String {
        String(try #require(try proxy.nextLine(with: "api  http://").split(separator: " ").last))
    }

    @Test func anEmptyProxyIsFilledByTheAPI() throws {
        let upstream = try Answerer("A")
        let proxy = try proxy()
        let api = try api(proxy)
        #expect(try ask("\(api)/proxies") == "200 {}")
        let made = try ask("\(api)/proxies", "-d", #"{"name":"a","upstream":"\#(upstream.address)"}"#)
        let listen = try #require(made.firstMatch(of: /"listen":"([0-9.:]+)"/)?.output.1)
        let client = try Client(String(listen))
        #expect(client.ask() == .text("A"))
        #expect(try ask("\(api)/proxies/a/toxics", "-d", #"{"type":"reset_peer"}"#).hasPrefix("200 "))
        #expect(client.ask() == .reset)
        #expect(try ask("\(api)/proxies", "-d", #"{"name":"b","upstream":"db.staging:1"}"#).hasPrefix("403 "))
        #expect(proxy.stop() == 0)
    }

    @Test func toxiproxysOwnFileIsReadAndReadAgain() throws {
        let upstream = try Answerer("A")
        try ScratchFolder.with { folder in
            func entry(_ name: String, _ rest: String = "") -> String {
                "\t{\"name\": \"\(name)\", \"listen\": \"127.0.0.1:0\", \"upstream\": \"\(upstream.address)\"\(rest)}"
            }
            let toxics = ", \"toxics\": [{\"type\": \"limit_data\", \"attributes\": {\"bytes\": 2}}]"
            let text = "\n[\n\(entry("a", toxics)),\n\(entry("b", ", \"enabled\": false, \"comment\": 1"))\n]\n"
            let file = try folder.write(text, to: "toxiproxy.json")
            let proxy = try proxy("--no-watch", "--config", file)
            let listing = try proxy.nextLine(with: "a  tcp  127.0.0.1:").split(separator: " ")
            try proxy.nextLine(with: "b  tcp  disabled  ->  ")
            try proxy.nextLine(with: "window 1: limit_data_downstream")
            let api = try api(proxy)
            let client = try Client(String(listing[2]))
            #expect([client.ask(), client.ask(), client.ask()] == [.text("A"), .text("A"), .end])
            #expect(try ask("\(api)/proxies/b").contains(#""enabled":false"#))

            try folder.write("[\n\(entry("a"))\n]\n", to: "toxiproxy.json")
            proxy.signal(SIGHUP)
            try proxy.nextLine(with: "unchanged  a  tcp  \(listing[2])")
            try proxy.nextLine(with: "closed     b")
            try proxy.nextLine(with: "no faults")
            try folder.write("[{\"name\": \"c\"}]", to: "toxiproxy.json")
            proxy.signal(SIGHUP)
            let mistake = try proxy.nextLine(with: "; what was running goes on")
            #expect(mistake.contains("missing required field: upstream at proxy 1"), "\(mistake)")
            #expect(try Client(String(listing[2])).ask() == .text("A"))
            #expect(proxy.stop() == 0)
        }
    }

    @Test func whatTheAPIHasAddedOutlivesReadingTheFileAgain() throws {
        let upstream = try Answerer("A")
        try ScratchFolder.with { folder in
            let link = "  a: { protocol: tcp, listen: \"unix:\(folder.path)/a\", upstream: \"\(upstream.address)\" }\n"
            let proxy = try proxy("--no-watch", "--config", try folder.write("links:\n\(link)"))
            let api = try api(proxy)
            #expect(
                try ask("\(api)/proxies/a/toxics", "-d", #"{"type":"limit_data","attributes":{"bytes":1}}"#)
                    .hasPrefix("200 "))
            try folder.write(
                "links:\n\(link)faults: [{ name: twin, on: a, inject: { latency: { delay: 1ms } } }]\n")
            proxy.signal(SIGHUP)
            try proxy.nextLine(with: "window     1: limit_data_downstream")
            try proxy.nextLine(with: "window     2: twin")
            let client = try Client("unix:\(folder.path)/a")
            #expect([client.ask(), client.ask()] == [.text("A"), .end])
            #expect(proxy.stop() == 0)
        }
    }

    @Test func aTokenIsAskedForAndNeededBeyondLoopback() async throws {
        let proxy = try proxy(environment: ["FAULTLINE_TOKEN=secret"])
        let api = try api(proxy)
        #expect(try ask("\(api)/proxies").hasPrefix("401 "))
        #expect(try ask("\(api)/proxies", "-H", "Authorization: Bearer secret") == "200 {}")
        let open = try await Program.run(["proxy", "--api", "0.0.0.0:0"], with: ["FAULTLINE_TOKEN": nil])
        #expect(open.code == 64 && open.error.contains("FAULTLINE_TOKEN"), "\(open.error)")
        let second = try await Program.run(["proxy", "--api", String(api.dropFirst(7))])
        #expect(second.code == 64 && second.error.contains("Address already in use; choose another address with --api"))
    }
}

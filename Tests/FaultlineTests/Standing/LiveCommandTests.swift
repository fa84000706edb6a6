import Foundation
import Testing

/// `faultline links`, `inject`, `heal` and `watch` as one types them, beside a proxy with traffic.
@Suite struct LiveCommandTests {
    private struct Standing {
        let api: String
        let listen: String
        let proxy: ChildProcess

        @discardableResult
        func run(_ arguments: String..., failing: Bool = false) throws -> [String] {
            let process = try ChildProcess([Program.path] + arguments + ["--api", api])
            var lines: [String] = []
            while let line = try? process.nextLine(with: "") { lines.append(line) }
            #expect(process.end() == (failing ? 64 : 0), "\(arguments): \(lines)")
            return lines
        }
    }

    private func with(_ body: (Standing) throws -> Void) throws {
        let upstream = try Answerer("A")
        let proxy = try ChildProcess([
            Program.path, "proxy", "--api", "127.0.0.1:0", "--link", "a=tcp,127.0.0.1:0,\(upstream.address)",
        ])
        let listen = String(try proxy.nextLine(with: "a  tcp  ").split(separator: " ")[2])
        let api = String(try proxy.nextLine(with: "api  http://").dropFirst(12))
        try body(Standing(api: api, listen: listen, proxy: proxy))
        #expect(proxy.stop() == 0)
    }

    @Test func aFaultIsInjectedListedAndHealed() throws {
        try with { standing in
            #expect(
                try standing.run("links") == [
                    "LINK  PROTOCOL  LISTENS" + String(repeating: " ", count: standing.listen.count - 7) + "  LEADS TO",
                    try standing.run("links")[1], "", "no faults",
                ])
            let client = try Client(standing.listen)
            #expect(client.ask() == .text("A"))
            let injected = try standing.run(
                "inject", "a", "reset", "--when", "direction=request", "--when", "nth=2", "--name", "cut")
            #expect(injected == ["fault 1: reset on a, until it is healed: faultline heal --fault 1"])
            #expect(client.ask() == .text("A"))
            let lasting = try standing.run("inject", "a", "latency", "delay=1us", "--for", "60s")
            #expect(lasting == ["fault 2: latency on a, heals after 60s"])
            #expect(try standing.run("heal", "--fault", "2") == ["healed 2"])
            #expect(client.ask() == .reset)
            let listed = try standing.run("links")
            #expect(listed.last?.split(separator: " ").map(String.init) == ["1", "a", "cut:", "reset", "1"])
            #expect(try standing.run("heal", "a") == ["healed 1"])
            #expect(try standing.run("heal", "--all") == ["nothing to heal"])
            #expect(try Client(standing.listen).ask() == .text("A"))
            let json = try standing.run("links", "--format", "json")
            #expect(json.count == 1 && json[0].hasPrefix(#"{"faults":[],"links":[{"enabled":true,"#))
        }
    }

    @Test func whoseFaultsAreIsListed() throws {
        try with { standing in
            for (owner, scope) in [("plain", ""), ("scoped", #", "scope": {"source-port": 1}"#)] {
                let taken = try ChildProcess([
                    "curl", "-sS", "-X", "PUT", "http://\(standing.api)/v1/leases/\(owner)", "-d",
                    #"{"for": "60s"\#(scope)}"#,
                ])
                #expect(taken.end() == 0)
                try standing.run("inject", "a", "reset", "--lease", owner, "--name", owner)
            }
            let listed = try standing.run("links").suffix(2)
            #expect(listed.first?.hasSuffix("  plain") == true, "\(listed)")
            #expect(listed.last?.hasSuffix("  scoped, its traffic alone") == true, "\(listed)")
        }
    }

    @Test func watchingShowsTheWireLive() throws {
        try with { standing in
            let watch = try ChildProcess([Program.path, "watch", "a", "--api", standing.api, "--count", "6"])
            try watch.nextLine(with: "watching")
            let client = try Client(standing.listen)
            _ = try standing.run("inject", "a", "latency", "delay=1us", "--when", "nth=2")
            for _ in 0..<3 { #expect(client.ask() == .text("A")) }
            var lines = [String]()
            for _ in 0..<6 { lines.append(try watch.nextLine(with: "  a  #1  ")) }
            #expect(watch.end() == 0)
            #expect(lines[0].hasSuffix("  a  #1  opened"))
            #expect(lines[1].hasSuffix("  a  #1  ->  bytes  1B"))
            #expect(lines[2].hasSuffix("  a  #1  <-  bytes  1B"))
            #expect(lines.contains { $0.hasSuffix("  a  #1  ->  bytes  1B  delayed  fault 1") })

            let struck = try ChildProcess([
                Program.path, "watch", "--struck", "any", "--api", standing.api, "--count", "1", "--format", "json",
            ])
            try struck.nextLine(with: "watching")
            _ = try standing.run("inject", "a", "latency", "delay=1us", "--when", "first=1")
            for _ in 0..<3 { #expect(client.ask() == .text("A")) }
            #expect(try struck.nextLine(with: "{").contains(#""window":2"#))
            #expect(struck.end() == 0)

            let endless = try ChildProcess([Program.path, "watch", "--api", standing.api])
            try endless.nextLine(with: "watching")
            #expect(endless.stop(SIGINT) == 0)
        }
    }

    @Test func whatIsWrongIsTold() throws {
        try with { (standing: Standing) throws in
            #expect(try standing.run("inject", "b", "reset", failing: true) == ["there is no link 'b'"])
            #expect(try standing.run("inject", "a", "rest", failing: true)[0].contains("did you mean 'reset'?"))
            #expect(try standing.run("inject", "a", "latency", "delay=1", failing: true)[0].contains("has no unit"))
            #expect(try standing.run("heal", "b", failing: true) == ["there is no link 'b'"])
            #expect(try standing.run("heal", "--fault", "7", failing: true) == ["there is no fault '7'"])
            #expect(try standing.run("watch", "b", failing: true) == ["there is no link 'b'"])
            #expect(try standing.run("watch", "--struck", "x", failing: true)[0].contains("write 'any'"))
            #expect(try standing.run("heal", failing: true).contains { $0.contains("say which faults") })
        }
    }

    @Test func aProxyThatIsNotThereIsTold() async throws {
        for command in [["links"], ["inject", "a", "reset"], ["heal", "--all"], ["watch"]] {
            let answer = try await Program.run(command + ["--api", "127.0.0.1:1"])
            #expect(answer.code == 64)
            #expect(answer.error.contains("no control API at 127.0.0.1:1: Connection refused; start 'faultline proxy'"))
        }
    }

    /// An owner renews its lease, and is killed with no chance to say anything.
    @Test func whenTheOwnerIsKilledItsFaultsAreGoneWithinTheLease() throws {
        try with { standing in
            let owner = try ChildProcess([
                "sh", "-c",
                """
                lease() { curl -sS -o /dev/null -X PUT http://\(standing.api)/v1/leases/me -d '{"for": "2s"}'; }
                lease && curl -sS http://\(standing.api)/v1/faults -d '{"on": "a", "inject": "blackhole", "lease": "me"}'
                echo; echo owned
                while lease; do sleep 0.3; done
                """,
            ])
            try owner.nextLine(with: "owned")
            let client = try Client(standing.listen)
            client.send("?")
            let watch = try ChildProcess([
                Program.path, "watch", "--api", standing.api, "--struck", "any", "--count", "1",
            ])
            try watch.nextLine(with: "watching")
            #expect(owner.stop(SIGKILL) == -SIGKILL)
            // What was held passes, and is told as what it was; nobody has healed it.
            #expect(client.receive() == .text("A"))
            #expect(try watch.nextLine(with: "fault 1").contains("delayed"))
            #expect(try standing.run("links").last == "no faults")
            #expect(try Client(standing.listen).ask() == .text("A"))
        }
    }
}

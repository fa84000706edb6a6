import Foundation
import Testing

/// `faultline proxy` as a user starts it, with real traffic through it.
@Suite struct StandingProxyTests {
    private func proxy(_ arguments: String...) throws -> ChildProcess {
        try ChildProcess([Program.path, "proxy", "--api", "off"] + arguments)
    }

    /// Where the listing says that a link listens: `NAME  PROTOCOL  ADDRESS  ->  UPSTREAM`.
    private func address(_ line: String) throws -> String {
        let words = line.split(separator: " ")
        let arrow = try #require(words.firstIndex(of: "->"))
        return String(words[arrow - 1])
    }

    @Test(arguments: ["1", "2"]) func linksOfTheCommandLineAndOfAFile(threads: String) throws {
        let upstream = try Answerer("A")
        try ScratchFolder.with { folder in
            let file = try folder.write(
                """
                links:
                  filed: { protocol: tcp, listen: "unix:\(folder.path)/s", upstream: "\(upstream.address)" }
                faults:
                  - { on: named, inject: { reset: {} }, when: { nth: 2, direction: request } }
                seed: 7
                """)
            let proxy = try proxy(
                "--config", file, "--link", "named=tcp,127.0.0.1:0,\(upstream.address)", "--threads", threads,
                "--history", "\(folder.path)/wire.ndjson")
            let named = try Client(try address(proxy.nextLine(with: "named  tcp  ")))
            let filed = try Client(try address(proxy.nextLine(with: "filed  tcp  ")))
            try proxy.nextLine(with: "window 1: reset on named")
            #expect([named.ask(), named.ask()] == [.text("A"), .reset])
            #expect([filed.ask(), filed.ask()] == [.text("A"), .text("A")])
            #expect(proxy.stop() == 0)
            #expect(filed.receive() == .end, "a Unix socket knows no reset")
            try expectSortedHistory("\(folder.path)/wire.ndjson")
        }
    }

    private func expectSortedHistory(_ path: String) throws {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let events = try lines.map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let times = events.compactMap { $0["time"] as? Int }
        #expect(times == times.sorted() && times.count == events.count)
        #expect(events.filter { $0["kind"] as? String == "opened" }.count == 2)
        #expect(events.filter { $0["window"] as? Int == 1 }.count == 1)
        #expect(!FileManager.default.fileExists(atPath: path + ".spool"))
    }

    @Test(arguments: [1, 2]) func readingTheFileAgain(threads: Int) throws {
        let (a, b) = (try Answerer("A"), try Answerer("B"))
        try ScratchFolder.with { folder in
            let head = "threads: \(threads)\nlinks:\n"
            func link(_ name: String, to upstream: Answerer) -> String {
                "  \(name): { protocol: tcp, listen: \"unix:\(folder.path)/\(name)\", upstream: \"\(upstream.address)\" }\n"
            }
            func client(_ name: String) throws -> Client { try Client("unix:\(folder.path)/\(name)") }
            let file = try folder.write(head + link("stays", to: a) + link("moves", to: a) + link("goes", to: a))
            let proxy = try proxy("--no-watch", "--config", file)
            try proxy.nextLine(with: "goes  tcp  ")
            let (stays, moves, goes) = (try client("stays"), try client("moves"), try client("goes"))
            for client in [stays, moves, goes] { #expect(client.ask() == .text("A")) }

            try folder.write(
                head + link("comes", to: b) + link("moves", to: b) + link("stays", to: a)
                    + "faults: [{ on: comes, inject: { reset: {} } }]\n")
            proxy.signal(SIGHUP)
            try proxy.nextLine(with: "was read again")
            try proxy.nextLine(with: "opened     comes  tcp  unix:")
            try proxy.nextLine(with: "replaced   moves  tcp  unix:")
            try proxy.nextLine(with: "unchanged  stays  tcp  unix:")
            try proxy.nextLine(with: "closed     goes  tcp  unix:")
            try proxy.nextLine(with: "window     1: reset on comes")
            #expect(stays.ask() == .text("A"), "its connections go on")
            #expect([moves.receive(), goes.receive()] == [.end, .end], "a Unix socket knows no reset")
            #expect(try client("moves").ask() == .text("B"))
            #expect(try client("comes").ask() == .end)
            #expect(throws: Client.Failure.self) { try client("goes") }

            // Healed, and the windows' numbers go on.
            try folder.write(
                head + link("comes", to: b) + link("stays", to: a)
                    + "faults: [{ on: stays, inject: { latency: { delay: 1ms } } }]\n")
            proxy.signal(SIGHUP)
            try proxy.nextLine(with: "closed     moves")
            try proxy.nextLine(with: "window     2: latency on stays")
            #expect(try client("comes").ask() == .text("B"))
            #expect(stays.ask() == .text("A"))
            #expect(proxy.stop() == 0)
        }
    }

    /// What is wrong with a file, and what the message says of it; `PORT` is a port that is taken.
    private static let mistakes: [(links: String, rest: String, message: String)] = [
        (
            "  x: { protocol: tcp, upstrem: \"127.0.0.1:1\" }", "",
            ":3: links.x needs the option 'upstream'; is 'upstrem' meant"
        ),
        (
            "  x: { protocol: tcp, upstream: \"no.such.invalid:1\" }", "allow: [no.such.invalid]",
            ":3: links.x cannot be opened: cannot resolve"
        ),
        (
            "  x: { protocol: tcp, listen: \"TAKEN\", upstream: \"127.0.0.1:1\" }", "",
            ":3: links.x cannot be opened: cannot listen on TAKEN: Address already in use; choose another address"
        ),
        ("  x: { protocol: tcp, upstream: native }", "", ":3: links.x.upstream is 'native'"),
        (
            "  x: { protocol: tcp, upstream: \"db.example.net:1\" }", "", ":3: links.x leads to 'db.example.net'"
        ),
        ("  a: { protocol: tcp, upstream: \"127.0.0.1:1\" }", "", ":2: the file has 'a' twice"),
        ("", "threads: 0", ":4: threads must be"),
        ("", "faults: [{ on: b, inject: { latency: { delay: 1s } } }]", ":4: faults[0].on names no link: 'b'"),
        ("", "faults: [{ on: a, inject: { status: { code: 500 } } }]", ":4: faults[0].inject"),
        ("", "faults: [{ on: a, inject: { bandwidth: { rate: 0KiB/s } } }]", ":4: faults[0].inject.bandwidth.rate"),
        ("", "faults: [{ on: a, inject: { bandwidth: { rate: -1KiB/s } } }]", ":4: faults[0].inject.bandwidth.rate"),
        ("", "seed: many", ":4: seed must be"),
        ("", "frobnicate: 1", ":4: the file has no option 'frobnicate'"),
        ("", "faults: [", ":"),
    ]

    private func file(
        _ folder: String, _ upstream: Answerer, _ links: String, _ rest: String, taken: String
    ) -> String {
        let a = "  a: { protocol: tcp, listen: \"unix:\(folder)/a\", upstream: \"\(upstream.address)\" }"
        return "links:\n\(a)\n\(links)\n\(rest)\n".replacingOccurrences(of: "TAKEN", with: taken)
    }

    @Test(.timeLimit(.minutes(2)), arguments: mistakes.indices) func aMistakeIsToldAtTheStart(index: Int) async throws {
        let mistake = Self.mistakes[index]
        let upstream = try Answerer("A")
        let path = NSTemporaryDirectory() + "faultline-mistake-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = file(path, upstream, mistake.links, mistake.rest, taken: upstream.address)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/p.yaml"))
        let answer = try await Program.run(["proxy", "--api", "off", "--config", "\(path)/p.yaml"])
        #expect(answer.code == 64)
        let message = mistake.message.replacingOccurrences(of: "TAKEN", with: upstream.address)
        #expect(answer.error.hasPrefix("\(path)/p.yaml\(message)"), "\(answer.error)")
        #expect(answer.error.split(separator: "\n").count == 1, "\(answer.error)")
        #expect(answer.output == "")
        #expect(!FileManager.default.fileExists(atPath: "\(path)/a"))
    }

    @Test func aMistakeIsToldOnReadingAgainAndEverythingGoesOn() throws {
        let upstream = try Answerer("A")
        try ScratchFolder.with { folder in
            let faults = "faults: [{ on: a, inject: { reset: {} }, when: { nth: 30, direction: request } }]"
            let good = file(folder.path, upstream, "", faults, taken: "")
            let path = try folder.write(good)
            let proxy = try proxy("--no-watch", "--config", path)
            try proxy.nextLine(with: "window 1")
            let before = try Client("unix:\(folder.path)/a")
            #expect(before.ask() == .text("A"))
            var asked = 1
            for mistake in Self.mistakes {
                try folder.write(
                    file(folder.path, upstream, mistake.links, mistake.rest, taken: upstream.address))
                proxy.signal(SIGHUP)
                let message = mistake.message.replacingOccurrences(of: "TAKEN", with: upstream.address)
                let line = try proxy.nextLine(with: "; what was running goes on")
                #expect(line.hasPrefix("\(path)\(message)"), "\(line)")
                #expect(before.ask() == .text("A"))
                let after = try Client("unix:\(folder.path)/a")
                #expect(after.ask() == .text("A"))
                asked += 2
            }
            // The window has counted all the while.
            for _ in (asked + 1)..<30 { #expect(before.ask() == .text("A")) }
            #expect(before.ask() == .end)
            try folder.write(good)
            proxy.signal(SIGHUP)
            try proxy.nextLine(with: "unchanged  a")
        }
    }

    @Test func aFileIsReadAgainWhenItChanges() throws {
        let upstream = try Answerer("A")
        try ScratchFolder.with { folder in
            func file(_ rest: String) -> String {
                "links:\n  a: { protocol: tcp, listen: \"unix:\(folder.path)/a\", upstream: \"\(upstream.address)\" }\n"
                    + rest
            }
            let path = try folder.write(file(""))
            let proxy = try proxy("--config", path)
            try proxy.nextLine(with: "a  tcp  ")
            let client = try Client("unix:\(folder.path)/a")
            #expect(client.ask() == .text("A"))
            try folder.write(file("faults: [{ on: a, inject: { reset: {} }, when: { nth: 3, direction: request } }]\n"))
            try proxy.nextLine(with: "was read again")
            try proxy.nextLine(with: "window     1: reset on a")
            // A bad edit changes nothing, and is told.
            try folder.write(file("faults: [{ on: b, inject: { reset: {} } }]\n"))
            let mistake = try proxy.nextLine(with: "; what was running goes on")
            #expect(mistake.contains("'b'"), "\(mistake)")
            #expect([client.ask(), client.ask(), client.ask()] == [.text("A"), .text("A"), .end])
            // As editors do: another file takes its place.
            try folder.write(file("seed: 9\n"), to: "other.yaml")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: "\(folder.path)/other.yaml", toPath: path)
            try proxy.nextLine(with: "was read again")
            try proxy.nextLine(with: "no faults")
            #expect(proxy.stop() == 0)
        }
    }

    @Test func aSecondCopyIsToldThatThePortIsTaken() throws {
        let upstream = try Answerer("A")
        let first = try proxy("--link", "a=tcp,127.0.0.1:0,\(upstream.address)", "--threads", "2")
        let address = try address(first.nextLine(with: "a  tcp  "))
        for threads in ["1", "2"] {
            let second = try proxy("--link", "a=tcp,\(address),\(upstream.address)", "--threads", threads)
            let message = "cannot listen on \(address): Address already in use; choose another address, or port 0"
            #expect(try second.nextLine(with: "") == "link 'a': \(message)")
            #expect(second.end() == 64)
        }
        for _ in 0..<20 { #expect(try Client(address).ask() == .text("A")) }
    }

    @Test(arguments: [
        (["--link", "a=tcp,127.0.0.1:0,127.0.0.1:1", "--threads", "0"], "--threads is 0"),
        (["--link", "a=tcp,127.0.0.1:0,127.0.0.1:1", "--threads", "65"], "from 1 to 64"),
        (["--link", "a=tcp,127.0.0.1:0,[::1]:1", "--link", "a=tcp,127.0.0.1:0,[::1]:2"], "another link of this name"),
        (["--link", "a=tcp,127.0.0.1:0,no.such.invalid:1"], "link 'a': cannot resolve no.such.invalid"),
        (["--link", "a=tcp,127.0.0.1:0,nonsense"], "'nonsense' is no upstream address"),
        (["--config", "/nowhere.yaml"], "/nowhere.yaml:1: the file cannot be read; there is no such file"),
        (["--link", "a=tcp,127.0.0.1:0,127.0.0.1:1", "--history", "/nowhere/h"], "cannot write the history"),
        ([], "name at least one link"),
    ])
    func badUsageIsTold(arguments: [String], message: String) async throws {
        let answer = try await Program.run(["proxy", "--api", "off"] + arguments)
        #expect(answer.code == 64)
        #expect(answer.error.contains(message), "\(answer.error)")
    }
}

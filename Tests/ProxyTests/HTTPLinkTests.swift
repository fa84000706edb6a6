import Proxy
import Testing
import Wire

/// An http link that nothing touches, before a real server: what is sent arrives, and the history tells each call.
struct HTTPLinkTests {
    private func served(
        service: Service? = nil, _ body: (TestLinks, PythonServer) async throws -> Void
    ) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: service, to: server.address)) { try await body($0, server) }
    }

    @Test func oneConnectionCarriesManyCalls() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            for count in 1...20 {
                let answer = try await talk.ask("GET /fixed/\(count)")
                #expect(answer.body == String(repeating: "x", count: count))
            }
            #expect(try await talk.ask("POST /a", body: "hello").body == "POST /a 5 2cf24dba")
            #expect(try await links.links.inFlight().calls == 0)
            let events = try await links.events()
            #expect(events.filter { $0.kind == .opened }.count == 1)
            #expect(events.filter { $0.direction == .request }.map(\.exchange) == Array(1...21))
            #expect(events.filter { $0.direction == .response }.map(\.exchange) == Array(1...21))
        }
    }

    @Test func aPipelineIsAnsweredInItsOrder() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            let lines = (0..<50).map { "GET /item/\($0)" }
            try await talk.peer.send(lines.map { HTTPTalk.request($0) }.joined())
            for line in lines { #expect(try await talk.answer().body.hasPrefix(line + " ")) }
            #expect(try await links.messages(.response).map(\.exchange) == Array(1...50))
        }
    }

    @Test func requestsMayArriveByteByByte() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            for byte in HTTPTalk.request("POST /a", body: "hello").utf8 { try await talk.peer.send([byte]) }
            #expect(try await talk.answer().body == "POST /a 5 2cf24dba")
            #expect(try await links.messages(.request).count == 1)
        }
    }

    @Test func chunksBothWays() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            let chunked = "2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: t\r\n\r\n"
            try await talk.peer.send(HTTPTalk.request("POST /a", ["Transfer-Encoding: chunked"]) + chunked)
            #expect(try await talk.answer().body == "POST /a 5 2cf24dba")
            #expect(try await talk.ask("GET /chunked").body == "onetwothree")
            #expect(try await talk.ask("GET /fixed/1").body == "x")
        }
    }

    @Test func answersWithoutABody() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("HEAD /fixed/5000").header("Content-Length") == "5000")
            #expect(try await talk.ask("GET /status/204").status == 204)
            #expect(try await talk.ask("GET /status/304").status == 304)
            #expect(try await talk.ask("GET /fixed/3").body == "xxx")
            #expect(try await links.messages(.response).map(\.status) == [200, 204, 304, 200])
        }
    }

    @Test func anInterimAnswerComesFirst() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /a", ["Expect: 100-continue", "Content-Length: 5"]))
            #expect(try await talk.answer().status == 100)
            try await talk.peer.send("hello")
            #expect(try await talk.answer().body == "PUT /a 5 2cf24dba")
            #expect(try await talk.ask("GET /fixed/1").body == "x")
            let answers = try await links.messages(.response).filter { $0.status >= 200 }
            #expect(answers.map(\.exchange) == [1, 2])
        }
    }

    @Test func anAnswerThatEndsWithTheConnection() async throws {
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("GET /until-close").body == "to the end")
            talk.peer.close()
            try await links.eventually("closed") { $0.connections == 0 && $0.calls == 0 }
            let answers = try await links.messages(.response)
            #expect(answers.map(\.action) == [.forwarded])
        }
    }

    @Test func largeBodiesAreStreamed() async throws {
        let size = 64 * 1024 * 1024
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("GET /big/\(size)"))
            try await links.expectBoundedMemory()
            let (head, begun) = try await talk.headAlone()
            #expect(head.contains("Content-Length: \(size)"))
            let peer = talk.peer
            let sum = try await offPool {
                var (left, sum) = (size - begun, 0)
                while left > 0 {
                    let part = try peer.receiveNow(min(left, 262_144))
                    guard !part.isEmpty else { break }
                    sum += part.count
                    left -= part.count
                }
                return sum
            }
            #expect(sum == size - begun)
            #expect(try await links.messages(.response).map(\.size).first == size + head.utf8.count)
        }
    }

    @Test func largeRequestsAreStreamed() async throws {
        let size = 32 * 1024 * 1024
        try await served { links, _ in
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /a", ["Content-Length: \(size)"]))
            let zeros = [UInt8](repeating: 0, count: size)
            try await talk.peer.send(zeros)
            // sha256 of 32 MiB of zeros.
            #expect(try await talk.answer().body == "PUT /a \(size) 83ee4724")
        }
    }

    @Test func theHistoryTellsEachCallOnce() async throws {
        try await served(service: .s3) { links, _ in
            let talk = try await HTTPTalk(links)
            let lines = ["PUT /bucket/a%20b", "GET /bucket/a%20b", "DELETE /bucket/a%20b", "GET /bucket?list-type=2"]
            var sizes: [Int] = []
            for line in lines {
                let answer = try await talk.ask(line, body: "hello")
                sizes.append(answer.head.utf8.count + answer.body.utf8.count)
            }
            let requests = try await links.messages(.request)
            let answers = try await links.messages(.response)
            for messages in [requests, answers] {
                #expect(messages.map(\.operation) == ["PutObject", "GetObject", "DeleteObject", "ListObjectsV2"])
                #expect(messages.map(\.key) == ["a b", "a b", "a b", "#f812023af1118b9f"])
                #expect(messages.map(\.exchange) == [1, 2, 3, 4])
                #expect(messages.allSatisfy { $0.connection == 1 && $0.action == .forwarded && $0.link == "link" })
            }
            #expect(requests.map(\.status) == [0, 0, 0, 0])
            #expect(requests.map(\.size) == lines.map { HTTPTalk.request($0, body: "hello").utf8.count })
            #expect(answers.map(\.status) == [200, 200, 200, 200])
            #expect(answers.map(\.size) == sizes)
        }
    }

    @Test func manyConnectionsAtOnce() async throws {
        try await served { links, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<20 {
                    group.addTask {
                        let talk = try await HTTPTalk(links)
                        for count in 0..<10 {
                            let line = "GET /client/\(client)/\(count)"
                            #expect(try await talk.ask(line).body.hasPrefix(line + " "))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await links.messages(.request).count == 200)
            #expect(try await links.messages(.response).count == 200)
        }
    }

    // MARK: What is not HTTP

    @Test func bytesThatAreNoHTTPPassAsBytes() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            try await client.send("\u{16}\u{3}\u{1} not HTTP")
            #expect(try await server.receiveText(12) == "\u{16}\u{3}\u{1} not HTTP")
            try await server.send("nor this")
            #expect(try await client.receiveText(8) == "nor this")
            #expect(try await links.events().map(\.kind).contains(.opaque))
        }
    }

    @Test func whatAnUpgradeLeadsToPassesAsBytes() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            let request = HTTPTalk.request("GET /socket", ["Connection: upgrade", "Upgrade: x"])
            try await client.send(request)
            #expect(try await server.receiveText(request.utf8.count) == request)
            let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
            try await server.send(answer + "\u{1}hello")
            #expect(try await client.receiveText(answer.utf8.count + 6) == answer + "\u{1}hello")
            try await client.send("\u{2}frame")
            #expect(try await server.receiveText(6) == "\u{2}frame")
            #expect(try await links.events().map(\.kind).contains(.opaque) == false)
        }
    }

    @Test func aServersResetReachesTheClient() async throws {
        let listener = try PeerListener()
        try await TestLinks.with(.http(to: listener.address)) { links in
            let client = try await links.connect()
            let server = try await listener.accept()
            try await client.send(HTTPTalk.request("GET /a"))
            _ = try await server.receive(atMost: 1000)
            try await server.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            _ = try await client.receive(42)
            server.reset()
            #expect(await client.ending() == .reset)
            #expect(try await links.messages(.response).map(\.action) == [.cut])
        }
    }
}

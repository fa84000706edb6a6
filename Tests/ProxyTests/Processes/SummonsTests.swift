import Faults
import Proxy
import Reactor
import Testing
import Wire

/// Messages for which a process is to be struck: how far they have come meanwhile, and what becomes of them then.
struct SummonsTests {
    private func served(
        _ body: (TestLinks, PythonServer, Summoned) async throws -> Void
    ) async throws {
        let server = try await offPool { try PythonServer() }
        try await TestLinks.with(.http(service: .s3, to: server.address)) { links in
            try await body(links, server, Summoned(links))
        }
    }

    /// A window that strikes the process 'worker' at the first upload.
    private func window(_ stage: ProcessTarget.Stage, id: Int = 1, nth: Int = 1) throws -> Window {
        let selector = Selector(operation: Glob("PutObject"), direction: stage.direction, nth: nth)
        return Window(
            id: id, link: "link", selector: selector, fault: try Self.kill(),
            process: ProcessTarget("worker", stage: stage))
    }

    private static func kill() throws -> any Fault {
        let type = try #require(FaultCatalogue.all.first { $0.kind == "kill" })
        var nothing = try Spec(file: "a.yaml", root: SpecNode(.empty, at: .init(line: 1, column: 1)))
        return try type.init(spec: &nothing)
    }

    private func seen(by server: PythonServer) async throws -> String {
        try await HTTPTalk(Peer.connect(server.address)).ask("GET /seen").body
    }

    @Test func aRequestWaitsBeforeTheServiceSeesAByte() async throws {
        try await served { links, server, summoned in
            try await links.apply(window(.received))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            let summons = try await summoned.next()
            #expect(summons.window == 1 && summons.link == "link" && summons.connection == 1 && summons.isHeld)
            #expect(summons.direction == .request && summons.lane == 0)
            let own = try SocketAddress.local(of: talk.peer.descriptor)
            #expect(summons.client?.port == own.port)
            #expect(try await seen(by: server) == "")
            #expect(try await links.links.progress()[1]?.struck == 0)
            links.links.answer(summons, .passes)
            #expect(try await talk.answer().status == 200)
            #expect(try await seen(by: server) == "PUT/bucket/a")
            #expect(try await links.links.progress()[1]?.struck == 1)
            let messages = try await links.messages()
            #expect(messages.map(\.action) == [.delayed, .forwarded])
            #expect(messages.map(\.window) == [1, 0])
        }
    }

    @Test(arguments: [Summons.Answer.clientIsGone, .serviceIsGone])
    func aRequestOfSomebodyWhoIsGoneGoesNowhere(answer: Summons.Answer) async throws {
        try await served { links, server, summoned in
            try await links.apply(window(.received))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            links.links.answer(try await summoned.next(), answer)
            #expect(await talk.peer.ending() == (answer == .serviceIsGone ? .reset : nil))
            #expect(try await seen(by: server) == "")
            #expect(try await links.messages().map(\.action) == [.lost])
            #expect(try await links.messages().map(\.window) == [1])
        }
    }

    @Test func anAnswerWaitsWhenTheServiceHasDoneWhatWasAsked() async throws {
        try await served { links, server, summoned in
            try await links.apply(window(.forwarded))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            let summons = try await summoned.next()
            #expect(summons.direction == .response && summons.isHeld)
            #expect(try await seen(by: server) == "PUT/bucket/a")
            #expect(talk.peer.isQuiet)
            links.links.answer(summons, .passes)
            #expect(try await talk.answer().status == 200)
        }
    }

    @Test func anAnswerHasPassedWhenItsTurnComes() async throws {
        try await served { links, server, summoned in
            try await links.apply(window(.answered))
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("PUT /bucket/a", body: "hello").status == 200)
            let summons = try await summoned.next()
            #expect(!summons.isHeld && summons.direction == .response)
            links.links.answer(summons, .clientIsGone)
            // Nothing of the connection was held, so nothing becomes of it.
            #expect(try await talk.ask("GET /fixed/1").body == "x")
            #expect(try await links.links.progress()[1]?.struck == 1)
        }
    }

    @Test func whereNobodyWasStruckItPassesAndCountsForNothing() async throws {
        try await served { links, server, summoned in
            try await links.apply(window(.received))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            links.links.answer(try await summoned.next(), .nobody)
            #expect(try await talk.answer().status == 200)
            let progress = try #require(try await links.links.progress()[1])
            #expect(progress.matched == 1 && progress.struck == 0 && progress.notApplied == 1)
        }
    }

    @Test func whereNobodyListensItPasses() async throws {
        try await served { links, server, _ in
            links.links.onSummons(nil)
            try await links.apply(window(.received))
            let talk = try await HTTPTalk(links)
            #expect(try await talk.ask("PUT /bucket/a", body: "hello").status == 200)
            #expect(try await links.links.progress()[1]?.struck == 0)
        }
    }

    /// The client was killed, and its end has come: what it had sent must not reach the service.
    @Test func aClientThatHasLeftMeanwhileSendsNothing() async throws {
        try await served { links, server, summoned in
            try await links.apply(window(.received))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            let summons = try await summoned.next()
            talk.peer.close()
            links.links.answer(summons, .passes)
            try await links.eventually("the connection is gone") { $0.connections == 0 }
            #expect(try await seen(by: server) == "")
        }
    }

    @Test func healingLetsItGo() async throws {
        try await served { links, _, summoned in
            try await links.apply(window(.received))
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            let summons = try await summoned.next()
            try await links.apply()
            #expect(try await talk.answer().status == 200)
            // An answer that comes too late does nothing.
            links.links.answer(summons, .serviceIsGone)
            #expect(try await talk.ask("GET /fixed/1").body == "x")
        }
    }

    @Test func aWindowThatWaitsForTheStrikeOpensWithIt() async throws {
        try await served { links, _, summoned in
            let reset = try Window.inject("reset", id: 2, over: .http)
            let waiting = Window(
                id: 2, link: "link", selector: reset.selector, fault: reset.fault,
                opening: .after(window: 1, strikes: 1))
            try await links.apply(window(.received), waiting)
            let talk = try await HTTPTalk(links)
            try await talk.peer.send(HTTPTalk.request("PUT /bucket/a", body: "hello"))
            let summons = try await summoned.next()
            #expect(try await links.links.progress()[2]?.opened == nil)
            links.links.answer(summons, .passes)
            #expect(try await talk.answer().status == 200)
            #expect(try await links.links.progress()[2]?.opened != nil)
        }
    }
}

import Faults
import Proxy
import Stores
import Testing
import Wire

/// The same where stores are at the other end: what they hold when the process is struck.
@Suite(.serialized) struct SummonsStoreTests {
    private func window(_ stage: ProcessTarget.Stage, _ operation: String) throws -> Window {
        let type = try #require(FaultCatalogue.all.first { $0.kind == "kill" })
        var nothing = try Spec(file: "a.yaml", root: SpecNode(.empty, at: .init(line: 1, column: 1)))
        let selector = Selector(operation: Glob(operation), direction: stage.direction, nth: 1)
        return Window(
            id: 1, link: "link", selector: selector, fault: try type.init(spec: &nothing),
            process: ProcessTarget("worker", stage: stage))
    }

    @Test(arguments: [ProcessTarget.Stage.received, .forwarded]) func postgres(stage: ProcessTarget.Stage) async throws
    {
        try await PostgresTestbed.with { bed in
            let summoned = Summoned(bed.links)
            try await bed.links.apply(window(stage, "COMMIT"))
            let client = bed.client
            let call = Task {
                try await client.transaction { _ = try await $0.query("INSERT INTO t VALUES (1)") }
            }
            let summons = try await summoned.next()
            #expect(try await bed.rows() == (stage == .received ? [] : ["1"]))
            bed.links.links.answer(summons, .serviceIsGone)
            await #expect(throws: (any Error).self) { _ = try await call.value }
            try await bed.eventuallyGone()
            #expect(try await bed.rows() == (stage == .received ? [] : ["1"]))
        }
    }

    @Test(arguments: [ProcessTarget.Stage.received, .forwarded, .answered])
    func redis(stage: ProcessTarget.Stage) async throws {
        try await RedisTestbed.with { bed in
            let summoned = Summoned(bed.links)
            try await bed.links.apply(window(stage, "SET"))
            try await bed.client.send(bed.bytes("SET @a 1~"))
            let summons = try await summoned.next()
            #expect(summons.isHeld == (stage != .answered))
            #expect(try await bed.ask("GET @a~") == (stage == .received ? "$-1~" : "$1~1~"))
            if stage == .answered { #expect(try await bed.client.receiveText(5) == "+OK\r\n") }
            bed.links.links.answer(summons, .clientIsGone)
            if stage == .answered {
                try await bed.talk("GET @a~", "$1~1~")
            } else {
                #expect(await bed.client.ending() == nil)
                #expect(try await bed.ask("GET @a~") == (stage == .received ? "$-1~" : "$1~1~"))
            }
        }
    }

    @Test(arguments: [ProcessTarget.Stage.received, .forwarded, .answered])
    func bolt(stage: ProcessTarget.Stage) async throws {
        try await BoltTestbed.with { bed in
            let summoned = Summoned(bed.links)
            try await bed.links.apply(window(stage, "COMMIT"))
            let speaker = try await bed.speaker()
            try await speaker.send(
                BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.commit)
            let summons = try await summoned.next()
            #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
            #expect(try await bed.numbers() == (stage == .received ? [] : [1]))
            bed.links.links.answer(summons, .passes)
            #expect(try await speaker.hear(1) == ["SUCCESS"])
            #expect(try await bed.numbers() == [1])
            try await bed.expectUnderstood()
        }
    }
}

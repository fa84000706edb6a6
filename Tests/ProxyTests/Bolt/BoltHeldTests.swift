import Proxy
import Stores
import Testing
import Wire

/// Faults that hold messages back, cut them in pieces or end one direction, and errors where a session begins.
@Suite struct BoltHeldTests {
    private static let deadlock = "Neo.TransientError.Transaction.DeadlockDetected"

    @Test func whatABlackholeHoldsGoesOn() async throws {
        try await BoltTestbed.with { bed in
            let speaker = try await bed.speaker()
            for direction in ["request", "response"] {
                let selector: KeyValuePairs<String, String> = ["operation": "COMMIT", "direction": direction]
                try await bed.links.apply(.inject("blackhole", when: selector, over: .bolt, service: .neo4j))
                try await speaker.send(
                    BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.commit)
                #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
                try await bed.links.eventually("COMMIT is held") { _ in try await bed.links.struck() == 1 }
                #expect(speaker.peer.isQuiet)
                try await bed.links.heal()
                #expect(try await speaker.hear(1) == ["SUCCESS"])
            }
            #expect(try await bed.numbers() == [1, 1])
            try await bed.expectUnderstood()
        }
    }

    @Test func piecesAreWhole() async throws {
        try await BoltTestbed.with { bed in
            try await bed.links.apply(
                .inject("slice", ["size": "7B", "variation": "3B"], over: .bolt, service: .neo4j))
            try await bed.createInTransaction()
            let text = String(repeating: "x", count: 20_000)
            let result = try await bed.client.run("RETURN $text AS text", ["text": .string(text)])
            #expect(result.records == [[.string(text)]])
            #expect(try await bed.numbers() == [1, 2])
            try await bed.expectUnderstood()
        }
    }

    @Test func aServerThatHearsTheEndInPlaceOfCommitRollsBack() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("half-close", on: "COMMIT")
            let speaker = try await bed.speaker()
            try await speaker.send(
                BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.commit)
            #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
            #expect(try await speaker.hear(1) == ["end"])
            try await bed.eventually([])
        }
    }

    @Test(arguments: ["BEGIN", "ROLLBACK", "COMMIT"]) func errorsAfterEachEndOfATransaction(operation: String)
        async throws
    {
        try await BoltTestbed.with { bed in
            try await bed.inject("error-after-apply", on: operation)
            let speaker = try await bed.speaker()
            let end = operation == "ROLLBACK" ? BoltSpeaker.rollback : BoltSpeaker.commit
            try await speaker.send(BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull, end)
            let failed = operation == "BEGIN" ? 0 : 3
            let expected = (0..<4).map {
                $0 < failed ? "SUCCESS" : $0 == failed ? "FAILURE \(Self.deadlock)" : "IGNORED"
            }
            #expect(try await speaker.hear(4) == expected)
            try await speaker.send(BoltSpeaker.run("RETURN 1"), BoltSpeaker.pull, BoltSpeaker.reset)
            #expect(try await speaker.hear(3) == ["IGNORED", "IGNORED", "SUCCESS"])
            #expect(try await bed.numbers() == (operation == "COMMIT" ? [1] : []))
            #expect(try await bed.links.struck() == 1)
            try await bed.expectUnderstood()
        }
    }

    @Test func anErrorAfterTheStartUpEndsTheConnection() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("error-after-apply", on: "startup")
            let error = try await bed.failure { _ = try await bed.client.run("RETURN 1") }
            #expect(error.code == Self.deadlock)
            #expect(try await bed.links.struck() == 1)
            _ = try await bed.client.run("RETURN 1")
        }
    }

    /// All of it is awaited: HELLO's answer, and LOGON's.
    @Test func aLostStartUpIsAwaited() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("lose-response", on: "startup")
            let error = try await bed.failure { _ = try await bed.client.run("RETURN 1") }
            #expect(error.outcome == .definite)
            let answer = try await bed.links.messages(.response).last
            #expect(answer?.operation == "startup" && answer?.action == .lost)
        }
    }

    /// A RESET is heard at once, though the link would send something behind the query that it interrupts.
    @Test func aResetWaitsForNothing() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("duplicate-request", on: "UNWIND")
            let speaker = try await bed.speaker()
            try await speaker.send(
                BoltSpeaker.run("UNWIND [1, 2, 3] AS x RETURN x"), BoltSpeaker.message(BoltTag.pull, ["n": 1]),
                BoltSpeaker.reset, BoltSpeaker.run("RETURN 1"), BoltSpeaker.pull)
            #expect(
                try await speaker.hear(7) == [
                    "SUCCESS", "RECORD", "SUCCESS", "SUCCESS", "SUCCESS", "RECORD", "SUCCESS",
                ])
            #expect(try await bed.links.struck() == 0)
            try await bed.expectUnderstood()
        }
    }
}

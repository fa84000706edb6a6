import Faults
import Proxy
import Stores
import Testing
import Wire

/// Message faults before a real server: the client hears what it would hear, and the server is in the state that goes with it.
@Suite struct BoltFaultTests {
    private static let deadlock = "Neo.TransientError.Transaction.DeadlockDetected"

    // MARK: Lost

    @Test func aLostAnswerOfCommitLeavesTheNodes() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("lose-response", on: "COMMIT")
            let error = try await bed.failure { try await bed.createInTransaction() }
            #expect(error.outcome == .indefinite && error.operation == "COMMIT")
            #expect(try await bed.numbers() == [1, 2])
            #expect(try await bed.links.struck() == 1)
            let answer = try await bed.links.messages(.response).last
            #expect(answer?.operation == "COMMIT" && answer?.action == .lost)
        }
    }

    @Test func aLostCommitLeavesNoNodes() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("lose-request", on: "COMMIT")
            let error = try await bed.failure { try await bed.createInTransaction() }
            #expect(error.outcome == .indefinite && error.operation == "COMMIT")
            try await bed.eventually([])
            #expect(try await bed.links.struck() == 1)
            let commit = try await bed.links.messages(.request).last
            #expect(commit?.action == .lost && commit?.transaction == 1)
        }
    }

    @Test func aLostAnswerOfALoneQueryLeavesTheNode() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("lose-response", on: bed.operation)
            let error = try await bed.failure { _ = try await bed.client.run(bed.create()) }
            #expect(error.outcome == .indefinite)
            #expect(try await bed.numbers() == [1])
        }
    }

    /// A client that waits for the first answer never asks for the result: the link does, or the query would not be done.
    @Test(arguments: [false, true]) func aLostAnswerIsAwaitedThoughNobodyAsksForIt(fetchesSome: Bool) async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("lose-response", on: bed.operation)
            let speaker = try await bed.speaker()
            let run = BoltSpeaker.run("UNWIND [1, 2] AS x CREATE (n:\(bed.label) {id: x}) RETURN x")
            let some = fetchesSome ? BoltSpeaker.message(BoltTag.pull, ["n": 1]) : []
            try await speaker.send(run, some)
            #expect(try await speaker.hear(1) == ["reset"])
            #expect(try await bed.numbers() == [1, 2])
        }
    }

    // MARK: Failures

    @Test(arguments: [BoltVersion(4, 4), BoltVersion(5, 4)])
    func aFailureEndsTheTransactionOfTheServerToo(version: BoltVersion) async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("bolt-failure", ["code": Self.deadlock], on: "SET *")
            let speaker = try await bed.speaker(version)
            try await speaker.send(BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull)
            #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
            try await speaker.send(BoltSpeaker.run("MATCH (n:\(bed.label)) SET n.id = 5"), BoltSpeaker.pull)
            #expect(try await speaker.hear(2) == ["FAILURE \(Self.deadlock)", "IGNORED"])
            try await speaker.send(BoltSpeaker.commit)
            #expect(try await speaker.hear(1) == ["IGNORED"])
            try await speaker.send(BoltSpeaker.reset, BoltSpeaker.run(bed.create(7)), BoltSpeaker.pull)
            #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
            #expect(try await bed.numbers() == [7])
            #expect(try await bed.links.struck() == 1)
            let answers = try await bed.links.messages(.response)
            #expect(answers[3].action == .replied && answers[3].code == Self.deadlock && answers[3].window == 1)
            try await bed.expectUnderstood()
        }
    }

    @Test(arguments: ["BEGIN", "COMMIT", "ROLLBACK", "CREATE *"]) func aFailureInEachPlace(operation: String)
        async throws
    {
        try await BoltTestbed.with { bed in
            try await bed.inject("error", on: operation)
            let speaker = try await bed.speaker()
            let end = operation == "ROLLBACK" ? BoltSpeaker.rollback : BoltSpeaker.commit
            try await speaker.send(BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull, end)
            let heard = try await speaker.hear(4)
            let failed = ["BEGIN": 0, "CREATE *": 1][operation] ?? 3
            let expected = (0..<4).map {
                $0 < failed ? "SUCCESS" : $0 == failed ? "FAILURE \(Self.deadlock)" : "IGNORED"
            }
            #expect(heard == expected)
            try await speaker.send(BoltSpeaker.reset, BoltSpeaker.run(bed.create(7)), BoltSpeaker.pull)
            #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
            #expect(try await bed.numbers() == [7])
            try await bed.expectUnderstood()
        }
    }

    @Test func aLoneQueryThatFailsIsNotApplied() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("error", on: bed.operation, first: 2)
            for _ in 0..<2 {
                let error = try await bed.failure { _ = try await bed.client.run(bed.create()) }
                #expect(error.code == Self.deadlock && error.isTransient && error.outcome == .definite)
            }
            #expect(try await bed.numbers() == [])
            _ = try await bed.client.run(bed.create())
            #expect(try await bed.numbers() == [1])
            #expect(try await bed.operations().count { $0 == "startup" } == 1)
        }
    }

    @Test func whatTheServerIgnoresIsNotStruck() async throws {
        try await BoltTestbed.with { bed in
            try await bed.links.apply(.inject("error", when: ["first": "10"], over: .bolt, service: .neo4j))
            let speaker = try await bed.speaker()
            try await speaker.send(BoltSpeaker.run("RETURN RETURN"), BoltSpeaker.pull)
            #expect(try await speaker.hear(2) == ["FAILURE \(Self.deadlock)", "IGNORED"])
            try await speaker.send(BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.reset)
            #expect(try await speaker.hear(3) == ["IGNORED", "IGNORED", "SUCCESS"])
            #expect(try await bed.links.struck() == 1)
        }
    }

    @Test func permanentErrorsAreNotTriedAgain() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("permanent-error", on: bed.operation)
            let error = try await bed.failure { _ = try await bed.client.run(bed.create()) }
            #expect(error.code == "Neo.ClientError.Security.Forbidden" && !error.isTransient)
        }
    }

    /// Only who asks for it.
    @Test func aStartupIsRefusedWhenThatIsAsked() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("bolt-failure", ["code": "Neo.ClientError.Security.Unauthorized"], on: "startup")
            let error = try await bed.failure { _ = try await bed.client.run("RETURN 1") }
            #expect(error.code == "Neo.ClientError.Security.Unauthorized" && error.outcome == .definite)
            let answer = try await bed.links.messages(.response).last
            #expect(answer?.operation == "startup" && answer?.action == .replied)
            try await bed.links.apply(.inject("error", over: .bolt, service: .neo4j))
            let speaker = try await bed.speaker()
            try await speaker.send(BoltSpeaker.run("RETURN 1"), BoltSpeaker.pull)
            #expect(try await speaker.hear(1) == ["FAILURE \(Self.deadlock)"])
        }
    }

    @Test func managedTransactionsAreTriedAgain() async throws {
        try await BoltTestbed.with { bed in
            for operation in ["MERGE *", "COMMIT", "BEGIN"] {
                try await bed.inject("bolt-failure", ["code": Self.deadlock], on: operation, first: 2)
                let lines = try await bed.python(
                    """
                    tries = []
                    def work(tx):
                        tries.append(1)
                        tx.run(f"MERGE (n:{label} {{id: 3}}) SET n.tries = coalesce(n.tries, 0) + 1").consume()
                    with driver.session(database="neo4j") as session:
                        session.execute_write(work)
                        print(session.run(f"MATCH (n:{label}) RETURN n.tries AS t").single()["t"])
                        session.run(f"MATCH (n:{label}) DELETE n").consume()
                    """)
                #expect(lines == ["1"], "\(operation)")
                #expect(try await bed.links.struck() == 2)
            }
            try await bed.expectUnderstood()
        }
    }

    // MARK: Applied

    @Test(arguments: [false, true]) func anErrorAfterAQueryWasApplied(inTransaction: Bool) async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("error-after-apply", on: bed.operation)
            let speaker = try await bed.speaker()
            if inTransaction {
                try await speaker.send(BoltSpeaker.begin)
                #expect(try await speaker.hear(1) == ["SUCCESS"])
            }
            try await speaker.send(BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.run("RETURN 1"))
            #expect(try await speaker.hear(3) == ["SUCCESS", "FAILURE \(Self.deadlock)", "IGNORED"])
            try await speaker.send(BoltSpeaker.reset, BoltSpeaker.run(bed.create(7)), BoltSpeaker.pull)
            #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
            #expect(try await bed.numbers() == (inTransaction ? [7] : [1, 7]))
            #expect(try await bed.links.struck() == 1)
            let failed = try await bed.links.messages(.response).first { !$0.code.isEmpty }
            #expect(failed?.action == .replied && failed?.code == Self.deadlock && failed?.operation == bed.operation)
            try await bed.expectUnderstood()
        }
    }

    @Test func anErrorAfterCommitLeavesTheNodes() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("bolt-failure", ["code": Self.deadlock, "after-apply": "true"], on: "COMMIT")
            let error = try await bed.failure { try await bed.createInTransaction() }
            #expect(error.code == Self.deadlock)
            #expect(try await bed.numbers() == [1, 2])
            #expect(try await bed.client.run("RETURN 1").records == [[1]])
        }
    }

    /// The server's own failure stays, and is no strike.
    @Test func whatFailsByItselfIsNotApplied() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("error-after-apply", on: "RETURN")
            let error = try await bed.failure { _ = try await bed.client.run("RETURN RETURN") }
            #expect(error.code == "Neo.ClientError.Statement.SemanticError")
            #expect(try await bed.links.struck() == 0)
            #expect(try await bed.links.links.progress()[1]?.notApplied == 1)
        }
    }

    /// A client that does not ask for the rest of a result: it can't be applied, and nobody waits for ever.
    @Test(arguments: [BoltSpeaker.reset, BoltSpeaker.run("RETURN 1")])
    func whoWantsNoMoreOfAResultGoesOn(next: [UInt8]) async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("error-after-apply", on: "UNWIND")
            let speaker = try await bed.speaker()
            try await speaker.send(
                BoltSpeaker.begin, BoltSpeaker.run("UNWIND [1, 2] AS x RETURN x"),
                BoltSpeaker.message(BoltTag.pull, ["n": 1]), next)
            #expect(try await speaker.hear(5) == ["SUCCESS", "SUCCESS", "RECORD", "SUCCESS", "SUCCESS"])
            #expect(try await bed.links.struck() == 0)
            #expect(try await bed.links.links.progress()[1]?.notApplied == 1)
        }
    }

    // MARK: Twice

    @Test(arguments: [false, true]) func aQueryIsDoneTwice(inTransaction: Bool) async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("duplicate-request", on: bed.operation)
            let speaker = try await bed.speaker()
            if inTransaction { try await speaker.send(BoltSpeaker.begin) }
            try await speaker.send(
                BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.run("RETURN 1"), BoltSpeaker.pull,
                inTransaction ? BoltSpeaker.commit : [])
            let heard = try await speaker.hear(inTransaction ? 7 : 5)
            #expect(heard.suffix(inTransaction ? 4 : 3).prefix(2) == ["SUCCESS", "RECORD"])
            #expect(heard.allSatisfy { $0 == "SUCCESS" || $0 == "RECORD" })
            #expect(try await bed.numbers() == [1, 1])
            #expect(try await bed.links.struck() == 1)
            try await bed.expectUnderstood()
        }
    }

    /// Where the second fails, that can't be hidden: the server has failed.
    @Test func aSecondThatFailsIsToldOf() async throws {
        try await BoltTestbed.with { bed in
            let speaker = try await bed.speaker()
            try await speaker.send(
                BoltSpeaker.run("CREATE CONSTRAINT FOR (n:\(bed.label)) REQUIRE n.id IS UNIQUE"), BoltSpeaker.pull)
            let isMade = try await speaker.hear(2) == ["SUCCESS", "SUCCESS"]
            try #require(isMade)
            try await bed.inject("duplicate-request", on: bed.operation)
            try await speaker.send(BoltSpeaker.run(bed.create()), BoltSpeaker.pull)
            let heard = try await speaker.hear(2)
            #expect(heard[0] == "SUCCESS" && heard[1].hasPrefix("FAILURE"))
            try await speaker.send(BoltSpeaker.reset)
            #expect(try await speaker.hear(1) == ["SUCCESS"])
            #expect(try await bed.numbers() == [1])
        }
    }

    @Test func whatIsTooLongOrNoQueryIsNotDoneTwice() async throws {
        try await BoltTestbed.with { bed in
            let long = "CREATE (n:\(bed.label) {id: 1, text: '\(String(repeating: "x", count: 200_000))'})"
            for operation in [bed.operation, "BEGIN"] {
                try await bed.inject("duplicate-request", ["up-to": "150KB"], on: operation)
                try await bed.client.transaction { try await $0.run(long) }
                #expect(try await bed.links.struck() == 0)
                #expect(try await bed.links.links.progress()[1]?.notApplied == 1, "\(operation)")
            }
            #expect(try await bed.numbers() == [1, 1])
        }
    }

    // MARK: What is the same everywhere

    @Test(arguments: ["hang-request", "hang-response"]) func whatHangsEndsWithItsWindow(kind: String) async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject(kind, on: "COMMIT")
            let speaker = try await bed.speaker()
            try await speaker.send(
                BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.commit)
            #expect(try await speaker.hear(3) == ["SUCCESS", "SUCCESS", "SUCCESS"])
            try await bed.eventually(kind == "hang-request" ? [] : [1])
            // Others see what is committed before its answer is there.
            try await bed.links.eventually("it hangs") { _ in try await bed.links.struck() == 1 }
            #expect(speaker.peer.isQuiet)
            try await bed.links.heal()
            #expect(try await speaker.hear(1) == ["reset"])
            try await bed.eventually(kind == "hang-request" ? [] : [1])
        }
    }

    @Test func whatIsDelayedArrives() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("delay", ["time": "50ms"], on: bed.operation, first: 2)
            try await bed.createInTransaction()
            #expect(try await bed.numbers() == [1, 2])
            #expect(try await bed.links.struck() == 2)
            #expect(try await bed.links.messages(.request).filter { $0.action == .delayed }.count == 2)
        }
    }

    @Test func anAnswerIsCutShort() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("truncate", ["after": "100B"], on: "UNWIND")
            let speaker = try await bed.speaker()
            try await speaker.send(BoltSpeaker.run("UNWIND range(1, 1000) AS x RETURN x"), BoltSpeaker.pull)
            let bytes = try await speaker.peer.receiveAll()
            #expect(bytes.utf8.count <= 300)
            let answer = try await bed.links.messages(.response).last
            #expect(answer?.size == 100 && answer?.action == .cut)
        }
    }

    /// The last answer is shorter than what may pass: it ends in order all the same.
    @Test(arguments: ["reset", "close"]) func aConnectionEndsBehindAnAnswer(kind: String) async throws {
        try await BoltTestbed.with { bed in
            let selector: KeyValuePairs<String, String> = ["operation": "COMMIT", "direction": "response"]
            try await bed.links.apply(
                .inject(kind, ["after": "10KiB"], when: selector, over: .bolt, service: .neo4j))
            let speaker = try await bed.speaker()
            try await speaker.send(
                BoltSpeaker.begin, BoltSpeaker.run(bed.create()), BoltSpeaker.pull, BoltSpeaker.commit)
            #expect(try await speaker.hear(4) == Array(repeating: "SUCCESS", count: 4))
            #expect(try await speaker.hear(1) == [kind == "reset" ? "reset" : "end"])
            #expect(try await bed.numbers() == [1])
        }
    }

    @Test func aResetInATransactionRollsItBack() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject("reset", on: "COMMIT")
            let error = try await bed.failure { try await bed.createInTransaction() }
            #expect(error.outcome == .indefinite)
            try await bed.eventually([])
        }
    }

    @Test func aQueryIsChosenByItsText() async throws {
        try await BoltTestbed.with { bed in
            try await bed.links.apply(
                .inject("error", when: ["statement": "match (n:*) set *"], over: .bolt, service: .neo4j))
            _ = try await bed.client.run(bed.create())
            let error = try await bed.failure {
                _ = try await bed.client.run("MATCH (n:\(bed.label))  SET n.id = 2")
            }
            #expect(error.code == Self.deadlock)
            #expect(try await bed.numbers() == [1])
        }
    }
}

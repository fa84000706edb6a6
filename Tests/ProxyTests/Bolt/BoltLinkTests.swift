import Proxy
import Stores
import Testing
import Wire

/// Ordinary traffic through a bolt link to a real server.
@Suite struct BoltLinkTests {
    @Test func messagesAreNamed() async throws {
        try await BoltTestbed.with { bed in
            _ = try await bed.client.run(bed.create())
            try await bed.createInTransaction()
            let error = try await bed.failure { _ = try await bed.client.run("RETURN RETURN") }
            let requests = try await bed.links.messages(.request)
            #expect(
                requests.map(\.operation) == [
                    "startup", bed.operation, "BEGIN", bed.operation, bed.operation, "COMMIT", "RETURN", "RESET",
                ])
            #expect(requests.map(\.transaction) == [0, 1, 2, 2, 2, 2, 3, 0])
            #expect(requests[1].key.hasPrefix("#") && requests[1].key != requests[4].key)
            #expect(requests[1].key == requests[3].key)
            let answers = try await bed.links.messages(.response)
            #expect(answers.map(\.exchange) == Array(1...8))
            #expect(answers.map(\.code) == ["", "", "", "", "", "", error.code, ""])
            try await bed.expectUnderstood()
        }
    }

    @Test(arguments: [BoltVersion(5, 4), BoltVersion(5, 0), BoltVersion(4, 4)]) func versionsPass(version: BoltVersion)
        async throws
    {
        try await BoltTestbed.with { bed in
            let speaker = try await bed.speaker(version)
            try await speaker.send(BoltSpeaker.run(bed.create()), BoltSpeaker.pull)
            #expect(try await speaker.hear(2) == ["SUCCESS", "SUCCESS"])
            try await speaker.send(
                BoltSpeaker.begin, BoltSpeaker.run(bed.create(2)), BoltSpeaker.pull, BoltSpeaker.commit)
            #expect(try await speaker.hear(4) == Array(repeating: "SUCCESS", count: 4))
            #expect(try await bed.numbers() == [1, 2])
            #expect(
                try await bed.operations() == ["startup", bed.operation, "BEGIN", bed.operation, "COMMIT"])
            try await bed.expectUnderstood()
        }
    }

    /// Results that are fetched in parts, two of them at once.
    @Test func resultsOfATransactionPassSideBySide() async throws {
        try await BoltTestbed.with { bed in
            let speaker = try await bed.speaker()
            let some = BoltSpeaker.message(BoltTag.pull, ["n": 1])
            func rest(_ number: BoltValue) -> [UInt8] { BoltSpeaker.message(BoltTag.pull, ["n": -1, "qid": number]) }
            try await speaker.send(
                BoltSpeaker.begin, BoltSpeaker.run("UNWIND [1, 2] AS x RETURN x"), some,
                BoltSpeaker.run("UNWIND [3, 4] AS x RETURN x"), some)
            #expect(
                try await speaker.hear(7) == [
                    "SUCCESS", "SUCCESS", "RECORD", "SUCCESS", "SUCCESS", "RECORD", "SUCCESS",
                ])
            try await speaker.send(rest(0), rest(1), BoltSpeaker.commit)
            #expect(try await speaker.hear(5) == ["RECORD", "SUCCESS", "RECORD", "SUCCESS", "SUCCESS"])
            let answers = try await bed.links.messages(.response)
            #expect(answers.map(\.operation) == ["startup", "BEGIN", "UNWIND", "UNWIND", "COMMIT"])
            #expect(answers[2].size == answers[3].size)
            try await bed.expectUnderstood()
        }
    }

    /// A result that nobody asks for to its end is over with its transaction.
    @Test func whatIsNeverFetchedIsNotUnderWay() async throws {
        try await BoltTestbed.with { bed in
            let speaker = try await bed.speaker()
            let some = BoltSpeaker.message(BoltTag.pull, ["n": 1])
            try await speaker.send(BoltSpeaker.run("UNWIND [1, 2] AS x RETURN x"), some)
            #expect(try await speaker.hear(3) == ["SUCCESS", "RECORD", "SUCCESS"])
            try await bed.links.eventually("nothing is under way") { $0.calls == 0 }
            try await speaker.send(BoltSpeaker.reset)
            #expect(try await speaker.hear(1) == ["SUCCESS"])
            #expect(try await bed.links.messages(.response).map(\.operation) == ["startup", "RESET", "UNWIND"])
        }
    }

    @Test(arguments: ["bolt", "neo4j"]) func aDriverDoesItsWork(scheme: String) async throws {
        try await BoltTestbed.with { bed in
            let lines = try await bed.python(
                """
                with driver.session(database="neo4j") as session:
                    session.run(f"CREATE (:{label} {{id: 1}})").consume()
                    def work(tx):
                        tx.run(f"MERGE (n:{label} {{id: 2}})")
                        return tx.run(f"MATCH (n:{label}) RETURN count(n)").single()[0]
                    print(session.execute_write(work))
                    print(len(list(session.run("UNWIND range(1, 5000) AS x RETURN x"))))
                    with session.begin_transaction() as tx:
                        one = tx.run("UNWIND range(1, 3000) AS x RETURN x")
                        two = tx.run("UNWIND range(1, 3000) AS x RETURN x")
                        print(next(iter(one))[0], next(iter(two))[0])
                        tx.commit()
                    print(len(session.run("RETURN $text", text="x" * 300_000).single()[0]))
                    try:
                        session.run("nonsense").consume()
                    except neo4j.exceptions.Neo4jError as error:
                        print(error.code)
                """, scheme: scheme)
            #expect(lines == ["2", "5000", "1 1", "300000", "Neo.ClientError.Statement.SyntaxError"])
            try await bed.expectUnderstood()
            let operations = try await bed.operations()
            #expect(operations.contains("MERGE \(bed.label)") && operations.contains("COMMIT"))
            #expect(operations.contains("ROUTE") == (scheme == "neo4j"))
        }
    }
}

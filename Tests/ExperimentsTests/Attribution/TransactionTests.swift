import Consistency
import Experiments
import Proxy
import Testing

/// On a link that knows transactions a statement or command was to no avail when its transaction was.
@Suite struct TransactionTests {
    /// Whether each attempt of this operation left nothing to be wished for.
    private func done(_ operation: String, _ traffic: Traffic) -> [Bool] {
        traffic.evidence().traffic.calls.filter { $0.operation == operation }.flatMap(\.attempts).map(\.isDone)
    }

    private func check(_ traffic: Traffic, _ rule: RetryRule) -> Finding {
        RetriesExpectation(on: "postgres", [rule]).check(traffic.evidence())
    }

    private static func refused(_ code: String, again: Bool) -> Traffic {
        var traffic = Traffic()
        traffic.transaction(1, ["BEGIN", "INSERT documents"], at: 0)
        traffic.statement("INSERT chunks", in: 1, at: 40, code: code, window: 1, answer: .replied)
        traffic.statement("ROLLBACK", in: 1, at: 60)
        if again { traffic.transaction(2, ["BEGIN", "INSERT documents", "INSERT chunks", "COMMIT"], at: 100) }
        return traffic
    }

    @Test func allOfATransactionIsTriedAgain() {
        let traffic = Self.refused("40001", again: true)
        for operation in ["BEGIN", "INSERT documents", "INSERT chunks"] {
            #expect(done(operation, traffic) == [false, true])
        }
        #expect(check(traffic, .atMost(1)) == .holds(checked: 5))
        #expect(check(traffic, .atMost(0)).verdict == .violated)
        #expect(check(traffic, .atLeast(1)) == .holds(checked: 5))
        #expect(check(traffic, .atLeast(2)).verdict == .violated)
    }

    @Test func anErrorIsAnAnswer() {
        let once = Self.refused("42501", again: false)
        #expect(once.evidence().traffic.calls.flatMap(\.attempts).map(\.code).filter { !$0.isEmpty } == ["42501"])
        #expect(check(once, .noneAfter(["42501"])) == .holds(checked: 4))
        #expect(check(once, .noneAfter(["40001"])).verdict == .inconclusive)
        #expect(check(Self.refused("42501", again: true), .noneAfter(["42501"])).verdict == .violated)
    }

    @Test func whatLastedIsNotTriedAgain() {
        var traffic = Traffic()
        traffic.transaction(1, ["BEGIN", "UPDATE a", "COMMIT"], at: 0)
        traffic.transaction(2, ["BEGIN", "UPDATE a", "COMMIT"], at: 100)
        #expect(done("UPDATE a", traffic) == [true, true])
        #expect(check(traffic, .atMost(0)).verdict == .inconclusive)
    }

    @Test func aCommitWithoutAnAnswerIsTriedAgain() {
        for answer in [nil, WireEvent.Action.lost] {
            var traffic = Traffic()
            traffic.transaction(1, ["BEGIN", "UPDATE a"], at: 0)
            traffic.statement("COMMIT", in: 1, at: 40, window: 1, answer: answer)
            traffic.transaction(2, ["BEGIN", "UPDATE a", "COMMIT"], at: 100)
            #expect(done("UPDATE a", traffic) == [false, true])
            #expect(done("COMMIT", traffic) == [false, true])
            #expect(check(traffic, .atLeast(1)) == .holds(checked: 3))
        }
    }

    @Test func aTransactionWithoutAnEndIsTriedAgain() {
        var traffic = Traffic()
        traffic.transaction(1, ["BEGIN", "UPDATE a"], at: 0)
        traffic.transaction(2, ["BEGIN"], at: 100)
        #expect(done("UPDATE a", traffic) == [false])
        #expect(done("BEGIN", traffic) == [false, false])
    }

    @Test func aClientMayWantNoneOfIt() {
        var traffic = Traffic()
        traffic.transaction(1, ["BEGIN", "SELECT a", "ROLLBACK"], at: 0)
        #expect(done("SELECT a", traffic) == [true])
    }

    @Test func aSavepointHeals() {
        var traffic = Traffic()
        traffic.transaction(1, ["BEGIN", "SAVEPOINT"], at: 0)
        traffic.statement("INSERT a", in: 1, at: 40, code: "23505")
        traffic.transaction(1, ["ROLLBACK TO", "UPDATE a", "COMMIT"], at: 60)
        #expect(done("UPDATE a", traffic) == [true])
        #expect(done("INSERT a", traffic) == [false])
    }

    @Test func whatRedisDiscardsIsTriedAgain() {
        var traffic = Traffic()
        traffic.transaction(1, ["MULTI", "DEL"], on: "redis", at: 0)
        traffic.statement("HSET", on: "redis", in: 1, at: 40, code: "OOM", window: 1, answer: .replied)
        traffic.statement("EXEC", on: "redis", in: 1, at: 60, code: "EXECABORT")
        #expect(done("DEL", traffic) == [false])
        traffic.transaction(2, ["MULTI", "DEL", "HSET", "EXEC"], on: "redis", at: 100)
        traffic.transaction(3, ["MULTI", "SET", "DISCARD"], on: "redis", at: 200)
        traffic.transaction(4, ["GET"], on: "redis", at: 300)
        #expect(done("DEL", traffic) == [false, true])
        #expect(done("MULTI", traffic) == [false, true, true])
        #expect(done("SET", traffic) == [true] && done("GET", traffic) == [true])
        let hset = RetriesExpectation(on: "redis", operation: "HSET", [.atLeast(1), .noneAfter(["NOPERM"])])
        #expect(hset.check(traffic.evidence()).verdict == .inconclusive)
        let final = RetriesExpectation(on: "redis", operation: "HSET", [.noneAfter(["OOM"])])
        #expect(final.check(traffic.evidence()).verdict == .violated)
    }

    @Test func whatNeo4jRefusesIsTriedAgain() {
        var traffic = Traffic()
        traffic.transaction(1, ["BEGIN", "MERGE Document"], on: "neo4j", at: 0)
        traffic.statement(
            "MERGE Chunk", on: "neo4j", in: 1, at: 40, code: "Neo.TransientError.Transaction.DeadlockDetected",
            window: 1,
            answer: .replied)
        traffic.statement("RESET", on: "neo4j", in: 1, at: 60)
        traffic.transaction(2, ["BEGIN", "MERGE Document", "MERGE Chunk", "COMMIT"], on: "neo4j", at: 100)
        traffic.transaction(3, ["BEGIN", "MATCH Document", "RESET"], on: "neo4j", at: 200)
        #expect(done("MERGE Document", traffic) == [false, true])
        #expect(done("MERGE Chunk", traffic) == [false, true])
        #expect(done("MATCH Document", traffic) == [true])
        let chunks = RetriesExpectation(on: "neo4j", operation: "MERGE Chunk", [.atLeast(1), .waitAtLeast(.zero)])
        #expect(chunks.check(traffic.evidence()) == .holds(checked: 1))
    }

    @Test func aStatementAloneIsATransaction() {
        var traffic = Traffic()
        traffic.statement("UPDATE a", in: 1, at: 0)
        traffic.statement("UPDATE b", in: 2, at: 20, code: "40001")
        traffic.statement("startup", in: 0, at: 40)
        #expect(done("UPDATE a", traffic) == [true])
        #expect(done("UPDATE b", traffic) == [false])
        #expect(done("startup", traffic) == [true])
    }
}

import Proxy
import Testing
import Wire

/// Where sagas break: what was done and nobody knows, and what was not done though it may have been. The client hears the
/// same either way.
@Suite(.serialized) struct LostAnswerTests {
    @Test func aCommitWhoseAnswerIsLostHasHappenedAndTheClientDoesNotKnow() async throws {
        let (outcome, rows) = try await lose("lose-response", .psycopg(.extended), "transaction", at: "COMMIT")
        Expected.raises("psycopg.OperationalError").expect(outcome)
        #expect(rows == 1)
    }

    @Test func aCommitThatIsLostHasNotHappened() async throws {
        let (outcome, rows) = try await lose("lose-request", .psycopg(.extended), "transaction", at: "COMMIT")
        Expected.raises("psycopg.OperationalError").expect(outcome)
        #expect(rows == 0)
    }

    @Test func anObjectWhosePutLostItsAnswerIsThere() async throws {
        let (outcome, objects) = try await lose("lose-response", .boto3, "put", at: "PutObject")
        Expected.raises("botocore.exceptions.ConnectionClosedError").expect(outcome)
        #expect(objects == 1)
    }

    @Test func anObjectWhosePutIsLostIsNotThere() async throws {
        let (outcome, objects) = try await lose("lose-request", .boto3, "put", at: "PutObject")
        Expected.raises("botocore.exceptions.ConnectionClosedError").expect(outcome)
        #expect(objects == 0)
    }

    @Test func aPointWhoseUpsertLostItsAnswerIsThere() async throws {
        let (outcome, points) = try await lose("lose-response", .qdrant, "upsert", at: "UpsertPoints")
        Expected.raises("qdrant_client.http.exceptions.ResponseHandlingException").expect(outcome)
        #expect(points == 1)
    }

    @Test func aPointWhoseUpsertIsLostIsNotThere() async throws {
        let (outcome, points) = try await lose("lose-request", .qdrant, "upsert", at: "UpsertPoints")
        Expected.raises("qdrant_client.http.exceptions.ResponseHandlingException").expect(outcome)
        #expect(points == 0)
    }

    /// redis-py 5 tries nothing again, so it shows what one attempt comes to.
    @Test func aKeyWhoseSetLostItsAnswerIsThere() async throws {
        let (outcome, keys) = try await lose("lose-response", .redis(.five), "set", at: "SET")
        Expected.raises("redis.exceptions.ConnectionError").expect(outcome)
        #expect(keys == 1)
    }

    @Test func aKeyWhoseSetIsLostIsNotThere() async throws {
        let (outcome, keys) = try await lose("lose-request", .redis(.five), "set", at: "SET")
        Expected.raises("redis.exceptions.ConnectionError").expect(outcome)
        #expect(keys == 0)
    }

    @Test func aTransactionWhoseExecLostItsAnswerIsDone() async throws {
        let (outcome, increments) = try await lose("lose-response", .redis(.five), "transaction", at: "EXEC")
        Expected.raises("redis.exceptions.ConnectionError").expect(outcome)
        #expect(increments == 2)
    }

    @Test func aTransactionWhoseExecIsLostIsNotDone() async throws {
        let (outcome, increments) = try await lose("lose-request", .redis(.five), "transaction", at: "EXEC")
        Expected.raises("redis.exceptions.ConnectionError").expect(outcome)
        #expect(increments == 0)
    }

    @Test func aNodeWhoseCommitLostItsAnswerIsThere() async throws {
        let (outcome, nodes) = try await lose("lose-response", .neo4j(.five), "transaction", at: "COMMIT")
        Expected.raises("neo4j.exceptions.IncompleteCommit").expect(outcome)
        #expect(nodes == 1)
    }

    @Test func aNodeWhoseCommitIsLostIsNotThere() async throws {
        let (outcome, nodes) = try await lose("lose-request", .neo4j(.five), "transaction", at: "COMMIT")
        Expected.raises("neo4j.exceptions.IncompleteCommit").expect(outcome)
        #expect(nodes == 0)
    }

    /// What the client makes of it, and what there is then, read past the link over another connection.
    private func lose(
        _ fault: String, _ client: Client, _ operation: String, at wire: String
    ) async throws -> (ClientOutcome, stored: Int?) {
        let servers = try await ClientServers.prepared.value
        let token = ClientServers.token()
        let window = try ClientCell(client, operation, fault, at: wire, .exits(0)).window()
        let outcome = try await ClientLinks.with(client.service) { links in
            try await links.apply(window)
            let outcome = try await client.perform(operation, at: links.address, token: token)
            let lost = try await links.events().filter { $0.action == .lost || $0.window == 1 }
            #expect(Set(lost.map(\.operation)) == [wire])
            return outcome
        }
        return (outcome, try await servers.count(token, in: client.service))
    }
}

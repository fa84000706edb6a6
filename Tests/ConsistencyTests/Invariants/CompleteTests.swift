import Consistency
import Testing

struct CompleteTests {
    @Test func holdsWhenTheStoresAgree() {
        #expect(Complete().check(.one()) == .holds(checked: 1))
    }

    @Test func aMissingChunkIsNamed() {
        var world = World.one()
        world.change("d", in: .qdrant) { $0.removeAll { $0.key == "1" } }
        #expect(
            Complete().check(world).texts == [
                """
                complete: document d: expected the same chunks in postgres, neo4j, qdrant and redis; \
                found chunk 1 is in postgres, neo4j and redis, but not in qdrant
                """
            ])
    }

    @Test func extraChunksAreToldTogetherAndPointAtTheirStore() throws {
        var world = World.one()
        world.change("d", in: .redis) { records in
            records += (2..<10).map { Record(kind: .chunk, key: "\($0)") }
        }
        let finding = Complete().check(world)
        guard case .violated(let violations) = finding else {
            Issue.record("\(finding)")
            return
        }
        #expect(violations.map(\.stores) == [[.redis]])
        #expect(
            violations.first?.found
                == "chunks 2, 3, 4, 5, 6 and 3 more are in redis, but not in postgres, neo4j and qdrant")
    }

    @Test func aMissingEntityIsNamed() {
        var world = World.one()
        world.change("d", in: .neo4j) { $0.removeAll { $0.key == "Acme" } }
        #expect(
            Complete().check(world).texts == [
                """
                complete: document d: expected the same entities in postgres and neo4j; \
                found entity Acme is in postgres, but not in neo4j
                """
            ])
    }

    @Test func theDocumentsOwnRecordIsPartOfIt() {
        var world = World.one()
        world.change("d", in: .redis) { $0.removeAll { $0.kind == .document } }
        #expect(
            Complete().check(world).texts.first?.contains("document d is in postgres and neo4j, but not in redis")
                == true)
        world.changeEverywhere("d") { $0.removeAll { $0.kind == .document } }
        #expect(Complete().check(world).texts.first?.contains("found parts of it, but no such record") == true)
    }

    @Test func aStoreWithoutTheDocumentIsNotComparedHere() {
        var world = World.one()
        world.change("d", in: .qdrant) { $0 = [] }
        #expect(Complete().check(world) == .holds(checked: 1))
    }

    @Test func aKindThatAStoreDoesNotHoldIsNotMissed() {
        var world = World.one()
        world.kinds[.qdrant] = [.chunk, .entity]
        #expect(Complete().check(world).verdict == .violated)
    }

    @Test func unknownWhenUnreadableOrEmpty() {
        var world = World.one()
        world.unreadable[.redis] = "timed out"
        #expect(Complete().check(world) == .unknown("redis could not be read: timed out"))
        let deleted = Submission(document: "d", .delete, .succeeded)
        #expect(Complete().check(.of([(deleted, nil)])) == .unknown("no document is in any store"))
    }
}

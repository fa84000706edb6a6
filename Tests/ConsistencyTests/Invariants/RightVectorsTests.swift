import Consistency
import Testing

struct RightVectorsTests {
    @Test func holdsWhenEachVectorIsOfItsOwnText() {
        #expect(RightVectors().check(.one()) == .holds(checked: 2))
    }

    @Test func vectorsOfOtherTexts() {
        var world = World.one()
        world.change("d", in: .qdrant) { records in
            records[0].vector = .other
            records[1].vector = .unknown
        }
        #expect(
            RightVectors().check(world).texts == [
                """
                right-vectors: document d: expected the embedding of its own text with each chunk in qdrant; \
                found that of another chunk with chunk 0
                """,
                """
                right-vectors: document d: expected the embedding of its own text with each chunk in qdrant; \
                found that of none of the document's chunks with chunk 1
                """,
            ])
    }

    @Test func notAskedWhereNobodyCanTell() {
        var world = World.one()
        world.changeEverywhere("d") { records in
            for index in records.indices { records[index].vector = nil }
        }
        guard case .notAsked = RightVectors().check(world) else {
            Issue.record("asked all the same")
            return
        }
    }
}

import Consistency
import Testing

struct DocumentCaseTests {
    private typealias State = DocumentCase.State

    private func allowed(_ submissions: [Submission]) -> Set<String> {
        let world = World.after(submissions, stored: "v1")
        return Set(
            world.documents[0].allowed.map { state in
                if case .present(let digest) = state { return digest ?? "any" }
                return "absent"
            })
    }

    private func ingest(_ content: String, _ times: ClosedRange<Int64>?, _ result: Submission.Result = .succeeded)
        -> Submission
    {
        Submission(document: "d", .reingest, content: content, at: times, result)
    }

    private func delete(_ times: ClosedRange<Int64>?, _ result: Submission.Result = .succeeded) -> Submission {
        Submission(document: "d", .delete, at: times, result)
    }

    @Test func theBaselineStandsUntilSomethingSucceeds() {
        #expect(allowed([]) == ["v1"])
        #expect(allowed([ingest("v2", 1...2, .rolledBack), delete(3...4, .rolledBack)]) == ["v1"])
        #expect(allowed([ingest("v2", 1...2)]) == ["v2"])
        #expect(allowed([delete(1...2)]) == ["absent"])
    }

    @Test func oneAfterTheOther() {
        #expect(allowed([ingest("v2", 1...2), ingest("v3", 2...3)]) == ["v3"])
        // The times count, not the order of the list.
        #expect(allowed([ingest("v3", 5...6), ingest("v2", 1...2)]) == ["v3"])
        #expect(allowed([delete(1...2), ingest("v2", 3...4)]) == ["v2"])
    }

    @Test func thoseThatOverlapMayHaveGoneEitherWay() {
        #expect(allowed([ingest("v2", 1...5), ingest("v3", 2...3)]) == ["v2", "v3"])
        #expect(allowed([delete(1...5), ingest("v2", 2...3)]) == ["absent", "v2"])
        // What came after both overrides both, and what came before both is overridden.
        #expect(allowed([ingest("v2", 1...5), ingest("v3", 2...3), ingest("v4", 6...7)]) == ["v4"])
        #expect(allowed([ingest("v4", 0...1), ingest("v2", 2...5), delete(3...4)]) == ["v2", "absent"])
    }

    @Test func whatIsRolledBackHasNoOrder() {
        #expect(allowed([ingest("v2", 1...5, .rolledBack), ingest("v3", 2...3)]) == ["v3"])
    }

    @Test func anUnknownOneMayTakeEffectAtAnyLaterTime() {
        #expect(allowed([ingest("v2", 1...2, .unknown)]) == ["v1", "v2"])
        #expect(allowed([ingest("v2", 1...2, .unknown), ingest("v3", 3...4)]) == ["v2", "v3"])
        #expect(allowed([ingest("v2", 1...2), ingest("v3", 3...4, .unknown)]) == ["v2", "v3"])
        #expect(allowed([ingest("v2", 1...2), delete(1...1, .unknown)]) == ["v2", "absent"])
    }

    @Test func withoutTimesTheOrderOfTheResultsCounts() {
        #expect(allowed([ingest("v2", nil), ingest("v3", nil)]) == ["v3"])
        #expect(allowed([ingest("v2", nil, .unknown), ingest("v3", nil)]) == ["v3"])
        // One without times leaves nothing to compare.
        #expect(allowed([ingest("v2", 5...6), ingest("v3", nil)]) == ["v3"])
    }

    @Test func aDuplicateLeavesWhatIsThereOrBringsItBack() {
        let duplicate = Submission(document: "d", .duplicate, content: "v1", at: 1...5, .succeeded)
        #expect(allowed([duplicate]) == ["v1"])
        #expect(allowed([duplicate, delete(2...3)]) == ["v1", "absent"])
        #expect(allowed([duplicate, ingest("v2", 2...3)]) == ["v1", "v2"])
    }

    @Test func manyAtOnceAreAllPossible() {
        let many = (0..<40).map { ingest("v\($0)", 1...2) }
        let states = allowed(many)
        #expect(states.isSuperset(of: (0..<40).map { "v\($0)" }))
    }

    @Test func theCurrentIDIsThatOfAnyLastSuccess() {
        func world(_ second: ClosedRange<Int64>) -> World {
            World.of([
                (Submission(document: "d", content: "v", storedID: "x", at: 1...5, .succeeded), "v"),
                (Submission(document: "d", content: "v", storedID: "y", at: second, .succeeded), "v"),
            ])
        }
        #expect(world(2...3).documents[0].currentIDs == ["x", "y"])
        #expect(world(6...7).documents[0].currentIDs == ["y"])
    }
}

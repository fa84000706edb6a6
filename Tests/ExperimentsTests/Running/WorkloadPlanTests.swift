import Consistency
import Experiments
import Ingestion
import Testing

/// What a workload amounts to.
@Suite struct WorkloadPlanTests {
    private func plan(_ documents: Int, _ mix: SubmissionMix, seed: UInt64 = 1) -> WorkloadPlan {
        WorkloadPlan(
            Workload(documents: documents, formats: [.txt, .md], size: 416...4096, submissions: mix), seed: seed)
    }

    private func count(_ plan: WorkloadPlan, _ kind: Submission.Kind) -> Int { plan.items.count { $0.kind == kind } }

    @Test func everySubmissionIsAnIngestionUnlessAskedOtherwise() {
        let plan = plan(20, SubmissionMix())
        #expect(plan.items.count == 20)
        #expect(count(plan, .ingest) == 20)
        #expect(Set(plan.items.map(\.content.index)).count == 20)
        #expect(plan.baseline.count == 2)
        #expect(Set(plan.baseline.map(\.index)).isDisjoint(with: plan.items.map(\.content.index)))
    }

    @Test(arguments: [0, 1, 7, 20, 33, 50, 101])
    func sharesAddUpToTheWhole(documents: Int) {
        let mix = SubmissionMix(ingest: 0.5, reingest: 0.2, delete: 0.1, duplicate: 0.1, concurrent: 0.1)
        let plan = plan(documents, mix)
        #expect(plan.items.count == documents)
        for (kind, share) in [(Submission.Kind.delete, 0.1), (.duplicate, 0.1)] {
            #expect(abs(Double(count(plan, kind)) - share * Double(documents)) <= 1)
        }
    }

    @Test func whatIsChangedDeletedOrRepeatedWasIngestedBefore() {
        let plan = plan(
            40, SubmissionMix(ingest: 0.4, reingest: 0.2, delete: 0.1, duplicate: 0.1, concurrent: 0.2))
        let before = Dictionary(uniqueKeysWithValues: plan.baseline.map { ($0.index, $0) })
        for item in plan.items {
            switch item.kind {
            case .ingest: #expect(before[item.content.index] == nil)
            case .delete, .duplicate: #expect(before[item.content.index] == item.content)
            case .reingest:
                #expect(before[item.content.index] != nil)
                #expect(item.content.revision > 0)
            }
        }
    }

    @Test func concurrentSubmissionsAreTwoVersionsOfOneDocumentAtOnce() {
        let plan = plan(40, SubmissionMix(ingest: 0.8, concurrent: 0.2))
        let pairs = plan.groups.filter { $0.count > 1 }
        #expect(pairs.count == 4)
        for pair in pairs {
            #expect(Set(pair.map(\.content.index)).count == 1)
            #expect(pair.map(\.content.revision) == [1, 2])
        }
    }

    @Test func everyVersionIsUploadedOnceAndDeletionsNeedNone() {
        let plan = plan(40, SubmissionMix(ingest: 0.4, reingest: 0.2, delete: 0.2, duplicate: 0.2))
        #expect(Set(plan.uploads).count == plan.uploads.count)
        let needed = Set(plan.baseline + plan.items.filter { $0.kind != .delete }.map(\.content))
        #expect(Set(plan.uploads) == needed)
    }

    @Test func aSeedRepeatsAndAnotherDiffers() {
        let mix = SubmissionMix(ingest: 0.5, reingest: 0.5)
        #expect(plan(30, mix, seed: 3) == plan(30, mix, seed: 3))
        #expect(plan(30, mix, seed: 3) != plan(30, mix, seed: 4))
    }

    @Test func everyOtherRevisionIsShorter() {
        let plan = plan(20, SubmissionMix(ingest: 0, reingest: 1))
        let before = Dictionary(uniqueKeysWithValues: plan.baseline.map { ($0.index, $0) })
        #expect(plan.items.contains { $0.content.size < before[$0.content.index]!.size })
        #expect(plan.items.allSatisfy { $0.content.size >= 416 })
    }
}

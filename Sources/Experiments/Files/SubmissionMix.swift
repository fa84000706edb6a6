package import Consistency
package import Faults

/// Which part of the submissions is of which kind. The parts add up to one.
package struct SubmissionMix: Hashable, Sendable {
    package var ingest: Double
    /// Changed content of a document that was ingested before.
    package var reingest: Double
    package var delete: Double
    /// The same content again.
    package var duplicate: Double
    /// Two changed contents of one document at the same time. Counted as two submissions.
    package var concurrent: Double

    package init(
        ingest: Double = 1, reingest: Double = 0, delete: Double = 0, duplicate: Double = 0, concurrent: Double = 0
    ) {
        self.ingest = ingest
        self.reingest = reingest
        self.delete = delete
        self.duplicate = duplicate
        self.concurrent = concurrent
    }

    /// What the pipeline is asked for; the baseline's ingestions are left out.
    package var kinds: Set<Submission.Kind> {
        let parts: [(Submission.Kind, Double)] = [
            (.ingest, ingest), (.reingest, reingest + concurrent), (.delete, delete), (.duplicate, duplicate),
        ]
        return Set(parts.filter { $0.1 > 0 }.map(\.0))
    }

    package init(spec: inout Spec) throws(SpecError) {
        ingest = try spec.optional("ingest", .percent) ?? 0
        reingest = try spec.optional("re-ingest", .percent) ?? 0
        delete = try spec.optional("delete", .percent) ?? 0
        duplicate = try spec.optional("duplicate", .percent) ?? 0
        concurrent = try spec.optional("concurrent", .percent) ?? 0
        let tenths = ((ingest + reingest + delete + duplicate + concurrent) * 1000).rounded()
        guard tenths == 1000 else {
            let whole = Int(tenths) / 10
            let rest = Int(tenths) % 10
            throw spec.place.error(
                "adds up to \(whole)\(rest > 0 ? ".\(rest)" : "")%",
                mend: "let ingest, re-ingest, delete, duplicate and concurrent make 100%")
        }
    }
}

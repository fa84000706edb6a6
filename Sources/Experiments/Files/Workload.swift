import Consistency
package import Faults
package import Ingestion

/// What an experiment asks of the pipeline.
package struct Workload: Hashable, Sendable {
    package var documents: Int
    /// Submissions under way at a time.
    package var concurrency: Int
    package var formats: [DocumentFormat]
    /// Of a document, in bytes.
    package var size: ClosedRange<Int>
    package var submissions: SubmissionMix
    package var names: Names
    package var baseline: Baseline

    /// What is ingested before the faults.
    package enum Baseline: String, Hashable, Sendable, CaseIterable {
        /// What later submissions change, delete or repeat, and two documents at least.
        case usual
        /// Nothing: what fails without any fault is judged rather than taken for an unfit system.
        case none
    }

    /// What documents are called, and the keys under which they lie.
    package enum Names: String, Hashable, Sendable, CaseIterable {
        case withExtension = "with-extension"
        /// Without a dot.
        case bare
    }

    package init(
        documents: Int, concurrency: Int = 10, formats: [DocumentFormat] = [.txt], size: ClosedRange<Int> = 416...65536,
        submissions: SubmissionMix = SubmissionMix(), names: Names = .withExtension, baseline: Baseline = .usual
    ) {
        self.documents = documents
        self.concurrency = concurrency
        self.formats = formats
        self.size = size
        self.submissions = submissions
        self.names = names
        self.baseline = baseline
    }

    package init(spec: inout Spec) throws(SpecError) {
        documents = try spec.required("documents", .int(in: 0...1_000_000))
        concurrency = try spec.optional("concurrency", .int(in: 1...10_000)) ?? 10
        formats = try spec.optional("formats", .list(of: .choice)) ?? [.txt]
        if formats.isEmpty {
            throw spec.error("formats", "is empty", mend: "name at least one, such as [txt]")
        }
        size = try spec.optional("size", .byteRange) ?? 416...65536
        guard Corpus.sizes.contains(size.lowerBound), Corpus.sizes.contains(size.upperBound) else {
            throw spec.error("size", "is out of range", mend: "documents have from 416B to 5MiB")
        }
        submissions = try spec.optional("submissions", .mapping(SubmissionMix.init(spec:))) ?? SubmissionMix()
        names = try spec.optional("names", .choice) ?? .withExtension
        baseline = try spec.optional("baseline", .choice) ?? .usual
        if baseline == .none, submissions.kinds != [.ingest] {
            throw spec.error(
                "baseline", "is none, and other submissions than 'ingest' need documents that are there before",
                mend: "leave it out, or ask for 'ingest' alone")
        }
    }
}

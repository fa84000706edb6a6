package import Consistency
package import Ingestion

/// What an experiment's workload amounts to: which documents, in which versions, asked for in which order. Pure; the same
/// seed gives the same plan.
package struct WorkloadPlan: Hashable, Sendable {
    /// One version of one document of the corpus.
    package struct Content: Hashable, Sendable {
        package var index: Int
        package var format: DocumentFormat
        /// In bytes.
        package var size: Int
        /// 0 is what the baseline ingests.
        package var revision: Int
        package var hasExtension = true

        /// The file's name, the same in every revision.
        package var name: String { "document-\(index)" + (hasExtension ? ".\(format.fileExtension)" : "") }
    }

    /// One thing asked of the pipeline.
    package struct Item: Hashable, Sendable {
        package var kind: Submission.Kind
        /// For a deletion, what it deletes.
        package var content: Content
    }

    /// Items that are asked for at the same time.
    package typealias Group = [Item]

    /// Ingested before the faults: what later items change, delete or repeat, and at least two.
    package var baseline: [Content]
    package var groups: [Group]

    package var items: [Item] { groups.flatMap(\.self) }
    /// Every version that must lie in S3 before the workload begins, each once.
    package var uploads: [Content] {
        var seen: Set<Content> = []
        return (baseline + items.filter { $0.kind != .delete }.map(\.content)).filter { seen.insert($0).inserted }
    }

    /// A system that cannot ingest a few documents without faults proves nothing under fire.
    private static let baselineMin = 2
    private static let baselineSizes = 1024...8192

    package init(_ workload: Workload, seed: UInt64) {
        let counts = Self.counts(workload.submissions, of: workload.documents)
        var random = SplitMix64(seed: seed, "workload")
        let pairs = counts.concurrent / 2
        let former = counts.reingest + counts.delete + counts.duplicate + pairs
        let sizes = Corpus(seed: seed).plan(
            documents: former + counts.ingest, formats: workload.formats, sizes: workload.size)
        let hasExtension = workload.names == .withExtension
        let contents = sizes.enumerated().map {
            Content(index: $0, format: $1.format, size: $1.size, revision: 0, hasExtension: hasExtension)
        }
        var olds = contents[..<former]
        func next(_ count: Int) -> [Content] {
            defer { olds = olds.dropFirst(count) }
            return Array(olds.prefix(count))
        }
        func changed(_ content: Content, _ revision: Int) -> Content {
            var content = content
            content.revision = revision
            // Every other one is shorter, so that chunks of the former version have to go.
            if !revision.isMultiple(of: 2) { content.size = max(Corpus.sizes.lowerBound, content.size * 6 / 10) }
            return content
        }
        groups = next(counts.reingest).map { [Item(kind: .reingest, content: changed($0, 1))] }
        groups += next(counts.delete).map { [Item(kind: .delete, content: $0)] }
        groups += next(counts.duplicate).map { [Item(kind: .duplicate, content: $0)] }
        groups += next(pairs).map { old in (1...2).map { Item(kind: .reingest, content: changed(old, $0)) } }
        groups += contents[former...].map { [Item(kind: .ingest, content: $0)] }
        for index in groups.indices.reversed() where index > 0 {
            groups.swapAt(index, random.below(index + 1))
        }
        baseline = Array(contents[..<former])
        let extra = workload.baseline == .none ? 0 : max(0, Self.baselineMin - former)
        let small = Corpus(seed: seed &+ 1).plan(
            documents: extra, formats: workload.formats, sizes: Self.baselineSizes)
        baseline += small.enumerated().map { index, item in
            Content(
                index: contents.count + index, format: item.format, size: item.size, revision: 0,
                hasExtension: hasExtension)
        }
    }

    private struct Counts {
        var ingest = 0
        var reingest = 0
        var delete = 0
        var duplicate = 0
        var concurrent = 0
    }

    /// Whole numbers that add up to `total`: each share rounded down, and what is left goes to the largest remainders.
    /// An odd one that would have to be concurrent alone is an ingestion.
    private static func counts(_ mix: SubmissionMix, of total: Int) -> Counts {
        let shares = [mix.ingest, mix.reingest, mix.delete, mix.duplicate, mix.concurrent].map { $0 * Double(total) }
        var whole = shares.map { Int($0 + 1e-9) }
        let order = shares.indices.sorted {
            (shares[$1] - Double(whole[$1]), $0) < (shares[$0] - Double(whole[$0]), $1)
        }
        for index in order.prefix(max(0, total - whole.reduce(0, +))) { whole[index] += 1 }
        let odd = whole[4] % 2
        return Counts(
            ingest: whole[0] + odd, reingest: whole[1], delete: whole[2], duplicate: whole[3],
            concurrent: whole[4] - odd)
    }
}

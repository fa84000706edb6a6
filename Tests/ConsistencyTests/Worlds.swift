import Consistency

/// Hand-made worlds, as the reference worker's stores would leave them.
extension World {
    static let referenceKinds: [Store: Set<Record.Kind>] = [
        .postgres: [.document, .chunk, .entity], .neo4j: [.document, .chunk, .entity], .qdrant: [.chunk],
        .redis: [.document, .chunk],
    ]

    /// A world of one ingested document, `d`, of two chunks and two entities.
    static func one(_ result: Submission.Result = .succeeded, isThere: Bool = true) -> World {
        World.of([(Submission(document: "d", content: "v1", result), isThere ? "v1" : nil)])
    }

    /// One document a submission; the text is what the stores hold of it, nil for nothing. What is there of a document of
    /// the baseline was there before the faults, unless `former` says otherwise.
    static func of(
        _ documents: [(submission: Submission, content: String?)], former: [String: String] = [:]
    ) -> World {
        func footprints(
            _ documents: [(submission: Submission, content: String?)]
        ) -> [Store: [Footprint]] {
            referenceKinds.mapValues { kinds in
                documents.map { submission, content in
                    Footprint(
                        document: submission.storedID ?? submission.document,
                        records: content.map { Record.all(of: submission.document, content: $0, kinds) } ?? [])
                }
            }
        }
        let baseline = documents.filter(\.submission.isBaseline).map { submission, content in
            (submission, former[submission.document] ?? content)
        }
        let keys = Set(documents.map { $0.submission.sourceKey ?? $0.submission.document })
        return World(
            run: "test", submissions: documents.map(\.submission), kinds: referenceKinds,
            footprints: footprints(documents), former: footprints(baseline), residueSought: Set(Residue.Kind.allCases),
            links: ["s3", "openai", "postgres", "neo4j", "qdrant", "redis"].map {
                LinkTraffic(link: $0, service: $0, messages: 40, bytes: 4000, keys: $0 == "s3" ? keys : nil)
            })
    }

    /// `d` stood as `v1` before the faults; then this was asked, and the stores hold that.
    static func after(_ submissions: [Submission], stored: String?) -> World {
        var world = World.of(
            [(Submission(document: "d", content: "v1", isBaseline: true, .succeeded), stored)], former: ["d": "v1"])
        world.submissions += submissions
        return world
    }

    /// Changes the records of one document in one store.
    mutating func change(_ document: String, in store: Store, _ body: (inout [Record]) -> Void) {
        body(&footprints[store]![document]!)
    }

    /// Has every store hold this content of a document.
    mutating func store(_ content: String, of document: String) {
        for store in stores { footprints[store]![document] = Record.all(of: document, content: content, kinds[store]!) }
    }

    mutating func copy(_ document: String, to other: String, in store: Store) {
        let records = footprints[store]?[document]
        footprints[store]?[other] = records
    }

    mutating func changeEverywhere(_ document: String, _ body: (inout [Record]) -> Void) {
        for store in stores { change(document, in: store, body) }
    }
}

extension Record {
    /// What a store that holds these kinds keeps of a document; digests depend on the content.
    static func all(of document: String, content: String, _ kinds: Set<Kind>) -> [Record] {
        let records = [
            Record(kind: .document, key: document, digest: content, chunks: kinds.contains(.entity) ? 2 : nil),
            Record(kind: .chunk, key: "0", digest: content + "/0", vector: kinds == [.chunk] ? .own : nil),
            Record(kind: .chunk, key: "1", digest: content + "/1", vector: kinds == [.chunk] ? .own : nil),
            Record(kind: .entity, key: "Acme"),
            Record(kind: .entity, key: "Truck 7"),
        ]
        return records.filter { kinds.contains($0.kind) }
    }
}

extension Submission {
    init(
        document: String, _ kind: Kind = .ingest, content: String? = nil, storedID: String? = nil,
        isBaseline: Bool = false, at times: ClosedRange<Int64>? = nil, _ result: Result
    ) {
        self.init(
            id: "\(document)-\(isBaseline ? "baseline" : kind.rawValue)", document: document, kind: kind,
            storedID: storedID, contentDigest: content, result: result, isBaseline: isBaseline,
            began: times?.lowerBound, ended: times?.upperBound)
    }
}

extension Finding {
    /// Violations as an engineer reads them; empty for anything else.
    var texts: [String] {
        if case .violated(let violations) = self { return violations.map(\.description) }
        return []
    }

    var doubt: String? {
        if case .unknown(let reason) = self { return reason }
        return nil
    }
}

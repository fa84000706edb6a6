import Consistency
import Faults
import Ingestion
import Proxy
import Stores

/// One execution of one experiment, under way.
struct ExperimentRun {
    let runner: Runner
    let experiment: Experiment
    let links: LocalLinks
    let data: RunData
    var clock = RunClock()
    var notes: [String] = []
    /// Ids of all documents that may be in the stores, the baseline's included.
    private(set) var documents: [String] = []

    private var configurations: [LinkConfiguration] = []
    private var evidence: Evidence
    private var judgement: Judgement
    private var claims: [RunResult.Claim] = []
    private var lost: [LostDocument] = []
    private var history = HistoryCount(written: 0, dropped: 0)
    private var ruling = Ruling(inconclusive: "the run did not come to its end")

    init(runner: Runner, experiment: Experiment, links: LocalLinks) {
        self.runner = runner
        self.experiment = experiment
        self.links = links
        data = RunData(endpoints: runner.endpoints)
        evidence = Evidence(world: World(run: data.token, submissions: [], kinds: [:]))
        judgement = Checker.check(evidence.world)
    }

    mutating func enter(_ phase: RunPhase) async throws {
        clock.enter(phase)
        runner.progress(.phase(phase))
        try await runner.entering(phase)
    }

    var result: RunResult {
        var result = RunResult(experiment: experiment, seed: runner.seed, run: data.token, ruling: ruling)
        result.defects = runner.defects
        result.world = evidence.world
        result.judgement = judgement
        result.claims = claims
        result.lost = lost
        result.strikes = evidence.strikes
        result.events = history.written
        result.dropped = history.dropped
        result.phases = clock.times
        result.notes = notes
        result.traffic = evidence.traffic
        result.attribution = evidence.traffic.attribution
        result.spans = evidence.spans
        return result
    }

    mutating func perform() async throws {
        try await enter(.preparing)
        let workload = experiment.workload
        let corpus = Corpus(seed: runner.seed)
        let baseline: [RunData.Uploaded]
        let uploaded: [RunData.Uploaded]
        do {
            try await data.createBucket()
            baseline = try await data.upload(
                Corpus(seed: runner.seed &+ 1), documents: Baseline.documents, formats: workload.formats,
                sizes: Baseline.sizes, folder: "baseline")
            uploaded = try await data.upload(
                corpus, documents: workload.documents, formats: workload.formats, sizes: workload.size)
        } catch let error as StoreError where !error.isCancellation {
            ruling = Ruling(inconclusive: "the documents could not be uploaded: \(error)")
            return
        }
        configurations = try ReferenceLinks.configurations(to: runner.endpoints)
        let worker = try await makeWorker(through: links.open(configurations).compactMapValues(\.first))
        documents = (baseline + uploaded).map(\.request.document)

        try await enter(.baseline)
        let before = try await runBaseline(baseline, worker)
        if let doubt = before.doubt {
            ruling = Ruling(inconclusive: doubt)
            return
        }
        let baselineEvents = try await links.flushHistory().written

        try await enter(.workload)
        try await links.apply(Plan(windows: experiment.windows, seed: runner.seed))
        let driven = try await drive(uploaded, worker)
        let progress = try await links.progress()
        evidence.strikes = experiment.windows.map { window in
            let count = progress[window.id]
            return Strike(
                id: window.id, fault: window.name, matched: count?.matched ?? 0, struck: count?.struck ?? 0)
        }

        try await enter(.healing)
        try await links.apply(Plan(seed: runner.seed))
        try await enter(.settling)
        let unrest = try await Settling.wait(for: links, within: runner.settleWithin)

        try await enter(.checking)
        history = try await links.flushHistory()
        try readHistory(skipping: baselineEvents, uploaded)
        let found = await StoreSurvey(endpoints: runner.endpoints).find(uploaded.map(\.request.document))
        try Task.checkCancellation()
        judge(driven.results, uploaded, found, orphansBefore: before.orphans, doubts: [driven.doubt, unrest])
    }

    private func makeWorker(through addresses: [String: String]) throws -> IngestionWorker {
        var configuration = WorkerConfiguration(
            endpoints: try ReferenceLinks.endpoints(runner.endpoints, through: addresses), bucket: data.bucket)
        configuration.concurrency = experiment.workload.concurrency
        configuration.temporaryFolder = data.temporaryFolder
        configuration.seed = runner.seed
        let journal = SagaJournal(folder: data.temporaryFolder + "/journal")
        return IngestionWorker(configuration: configuration, journal: journal, defects: runner.defects)
    }

    /// Orphans are read after the documents, since the worker makes its tables on first use.
    private func runBaseline(
        _ uploaded: [RunData.Uploaded], _ worker: IngestionWorker
    ) async throws -> (doubt: String?, orphans: [Store: [Orphan]]) {
        let results = await worker.perform(uploaded.map(\.request))
        try Task.checkCancellation()
        let found = await StoreSurvey(endpoints: runner.endpoints).find(uploaded.map(\.request.document))
        try Task.checkCancellation()
        return (Baseline.doubt(results, found), found.orphans)
    }

    private func drive(
        _ uploaded: [RunData.Uploaded], _ worker: IngestionWorker
    ) async throws -> (results: [IngestionResult], doubt: String?) {
        let driver = EmbeddedDriver(
            worker: worker, links: links, concurrency: experiment.workload.concurrency, progress: runner.progress)
        let driven = try await driver.ingest(uploaded.map(\.request), within: runner.workloadWithin)
        try Task.checkCancellation()
        let limit = "the workload did not end within \(runner.workloadWithin) and was abandoned"
        return (driven.results, driven.isAbandoned ? limit : nil)
    }

    private mutating func readHistory(skipping baselineEvents: Int, _ sources: [RunData.Uploaded]) throws {
        var index = 0
        let sources = Dictionary(sources.map { ($0.request.key, $0.request.document) }, uniquingKeysWith: { $1 })
        var traffic = WireTraffic(
            attribution: Attribution(rules: [IdentificationRule(link: "s3", key: "{source}")], sources: sources))
        try WireHistory.forEach(in: runner.historyPath) { event in
            if index >= baselineEvents { traffic.add(event) }
            index += 1
        }
        evidence.traffic = traffic
        evidence.dropped = history.dropped
    }

    private mutating func judge(
        _ results: [IngestionResult], _ uploaded: [RunData.Uploaded], _ found: StoreSurvey.Found,
        orphansBefore: [Store: [Orphan]], doubts: [String?]
    ) {
        let after = Store.allCases.flatMap { found.orphans[$0] ?? [] }
        let before = Store.allCases.flatMap { orphansBefore[$0] ?? [] }
        evidence.world = World(
            run: data.token,
            submissions: zip(results, uploaded).map { Submission($0, digest: $1.digest, key: $1.request.key) },
            kinds: FootprintQueries.reference.kinds, footprints: found.footprints,
            orphans: World.newOrphans(after, since: before), orphansSought: [.postgres, .neo4j],
            links: evidence.traffic.links(configurations, isCutShort: history.dropped > 0),
            unreadable: found.unreadable)
        judgement = Checker.check(evidence.world)
        claims = experiment.expectations.map { expectation in
            RunResult.Claim(
                expectation: type(of: expectation).name, claim: expectation.claim,
                finding: expectation.check(evidence))
        }
        let names = Dictionary(uniqueKeysWithValues: experiment.windows.map { ($0.id, $0.name) })
        lost = zip(results, uploaded).compactMap { result, source in
            let windows = evidence.traffic.windows(striking: source.request.key).sorted()
            return LostDocument(result, struckBy: windows.compactMap { names[$0] })
        }
        ruling = Ruling(judgement: judgement, claims: claims, doubts: evidence.doubts + doubts.compactMap { $0 })
    }
}

extension Submission {
    /// A worker that undoes nothing may claim a rollback only when it wrote nothing.
    init(_ result: IngestionResult, digest: String, key: String) {
        let outcome: Result
        switch result.outcome {
        case .succeeded: outcome = .succeeded
        case .rolledBack where result.written.isEmpty: outcome = .rolledBack
        case .rolledBack, .unknown: outcome = .unknown
        }
        self.init(
            id: result.document, document: result.document, kind: .ingest, sourceKey: key, contentDigest: digest,
            result: outcome, reason: result.reason)
    }
}

import Consistency
import Faults
import Ingestion
import Proxy
import Stack
import Stores

/// One execution of one experiment, under way.
struct ExperimentRun {
    let runner: Runner
    let experiment: Experiment
    let links: any LinkControl
    let data: RunData
    let plan: WorkloadPlan
    var clock = RunClock()
    var notes: [String] = []
    /// Drives the system under test, once there is one.
    private(set) var pipeline: (any Pipeline)?
    /// Managed workers, and what faults strike of them and of services.
    private(set) var processes: RunProcesses?
    /// Ids of all documents that may be in the stores, the baseline's included.
    private(set) var documents: [String] = []

    private var configurations: [LinkConfiguration] = []
    private var evidence: Evidence
    private var judgement: Judgement
    private var claims: [RunResult.Claim] = []
    private var lost: [LostDocument] = []
    private var workflows: [RunResult.Workflow] = []
    private var workload: ClosedRange<Int64>?
    private var history = HistoryCount(written: 0, dropped: 0)
    private var ruling = Ruling(inconclusive: "the run did not come to its end")

    init(runner: Runner, experiment: Experiment, links: any LinkControl) {
        self.experiment = experiment
        self.links = links
        data = RunData(runner.system)
        var runner = runner
        if runner.system.pipeline == .reference, ReferenceWorkers.areStruck(by: experiment) {
            runner.system.workers = [
                ReferenceWorkers.spec(data: data, seed: runner.seed, defects: runner.defects)
            ]
        }
        self.runner = runner
        plan = WorkloadPlan(experiment.workload, seed: runner.seed)
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
        result.systemFile = runner.system.file
        result.defects = runner.defects
        result.world = evidence.world
        result.judgement = judgement
        result.claims = claims
        result.lost = lost
        result.workflows = workflows
        result.strikes = evidence.strikes
        result.traffic = evidence.traffic
        result.spans = evidence.spans
        result.proxy = runner.proxy?.address
        result.engine = runner.system.pipeline == .reference ? runner.system.engine : nil
        result.workload = workload
        result.events = history.written
        result.dropped = history.dropped
        result.phases = clock.times
        result.notes = notes
        return result
    }

    mutating func perform() async throws {
        try await enter(.preparing)
        if runner.proxy != nil, let process = experiment.processStruckAtMessage {
            ruling = Ruling(inconclusive: AttachedProxy.cannotStrike(process))
            return
        }
        guard let digests = try await prepare() else { return }
        guard let driver = try await openDriver() else { return }

        try await enter(.baseline)
        guard let before = try await runBaseline(driver, digests) else { return }

        try await enter(.workload)
        await processes?.director.listen()
        let began = try await links.apply(Plan(windows: experiment.windows, seed: runner.seed))
        await processes?.director.begin()
        let healed = Plan(seed: runner.seed)
        let (answered, late) = try await driver.drive(
            orders(digests), within: runner.limits,
            heal: { [links, processes] in
                await processes?.director.heal()
                try await links.apply(healed)
            })
        try Task.checkCancellation()
        try await enter(.healing)
        await processes?.director.heal()
        try await noteWindows(from: began)
        try await links.apply(healed)
        try await enter(.settling)
        let unrest = try await Settling.wait(for: links, and: pipeline, within: runner.settleWithin)

        try await enter(.checking)
        history = try await links.flushHistory()
        let residue = await ResidueProbe(
            postgres: runner.system.kinds[.postgres] == nil ? nil : runner.system.stores.postgres,
            temporaryFolder: data.temporaryFolder
        ).find(unfinished: await pipeline?.unfinished())
        documents = Set(documents + (before.answered + answered).compactMap(\.answer.storedID)).sorted()
        let found = await StoreSurvey(runner.system).find(documents)
        try Task.checkCancellation()
        workload = began...max(began, try await links.now())
        try readHistory(of: before.answered + answered, since: began)
        let abandoned = late.map { "the workload \($0.words), and was healed and then given up" }
        let nameless = doubtOfIDs(before.answered + answered)
        let ended = await processes?.ownEnds ?? []
        notes += ended
        let doubts = [abandoned, unrest, nameless].compactMap { $0 } + ended
        judge(answered, before: before, found, residue, doubts: doubts)
    }

    /// Uploads all versions of all documents.
    /// - Returns: their digests; nil when they could not be uploaded.
    private mutating func prepare() async throws -> [WorkloadPlan.Content: String]? {
        documents = Set((plan.baseline + plan.items.map(\.content)).map(data.document)).sorted()
        if let note = data.note(documents: documents) { try runner.leftovers?.write(note) }
        do {
            try await data.createBucket()
            return try await data.upload(plan.uploads, seed: runner.seed)
        } catch let error as StoreError where !error.isCancellation {
            ruling = Ruling(inconclusive: "the documents could not be uploaded: \(error)")
            return nil
        }
    }

    /// Opens the links, or finds them on a standing proxy.
    /// - Returns: where they listen, by name, one address a lane; nil when the proxy does not give them, the ruling says why.
    private mutating func openLinks(lanes wanted: Int) async throws -> [String: [String]]? {
        configurations = runner.system.links.map { link in
            var link = link
            link.lanes = wanted
            return link
        }
        guard runner.proxy != nil else { return try await links.open(configurations) }
        let addresses: [String: [String]]
        do {
            addresses = try await links.open(configurations)
        } catch {
            guard !(error is LinksLost), !(error is CancellationError) else { throw error }
            ruling = Ruling(inconclusive: "\(error)")
            return nil
        }
        let lanes = min(wanted, addresses.values.map(\.count).min() ?? wanted)
        if lanes < wanted {
            notes.append(
                "the proxy's links have \(lanes == 1 ? "1 lane" : "\(lanes) lanes"), so \(lanes) in place of \(wanted) documents "
                    + "were under way at a time; 'lanes: \(wanted)' gives them more")
        }
        return addresses.mapValues { Array($0.prefix(lanes)) }
    }

    /// Opens the links, starts the workers behind them, and the pipeline.
    /// - Returns: nil when a worker could not be started; the ruling says why.
    private mutating func openDriver() async throws -> WorkloadDriver? {
        let asked = experiment.workload.concurrency
        let wanted = min(runner.system.pipeline.lanes(asked), LinkConfiguration.lanesMax)
        guard let addresses = try await openLinks(lanes: wanted) else { return nil }
        let lanes = addresses.values.map(\.count).min() ?? wanted
        // A document more than there are lanes could not be told from others.
        let concurrency = lanes < wanted ? lanes : asked
        processes = try RunProcesses(
            system: runner.system, windows: experiment.windows, lanes: lanes, links: links, addresses: addresses,
            data: data, logs: runner.workerLogs)
        do {
            try await processes?.workers?.start()
        } catch let end as WorkerEnd {
            ruling = Ruling(inconclusive: end.description)
            return nil
        } catch let error as StackError {
            ruling = Ruling(inconclusive: "a worker could not be started: \(error)")
            return nil
        }
        let pipeline = try PipelineFactory(
            system: runner.system, data: data, seed: runner.seed, defects: runner.defects
        ).pipeline(lanes: lanes, addresses: addresses)
        self.pipeline = pipeline
        return WorkloadDriver(
            pipeline: pipeline, links: links, lanes: lanes, concurrency: concurrency,
            struck: { [links, processes] in
                let ofProcesses = await processes?.director.struck ?? [:]
                // A message at which a process is struck is no strike of its own.
                let ofLinks = try await links.progress().filter { $1.isDamage && ofProcesses[$0] == nil }
                return ofLinks.values.reduce(0) { $0 + $1.struck } + ofProcesses.values.reduce(0, +)
            }, progress: runner.progress)
    }

    /// Nothing can be told of a run whose links are gone.
    mutating func lose(_ lost: LinksLost) { ruling = Ruling(inconclusive: lost.description) }

    /// What a run found out while others did something to its links proves nothing.
    mutating func noteDisturbances(_ disturbances: [String]) {
        guard !disturbances.isEmpty else { return }
        ruling.verdict = .inconclusive
        ruling.reasons = disturbances + ruling.reasons
    }

    private struct Before {
        var answered: [WorkloadDriver.Answered]
        var found: StoreSurvey.Found
    }

    /// Nil when the system is not fit to be tested; the ruling says why.
    private mutating func runBaseline(
        _ driver: WorkloadDriver, _ digests: [WorkloadPlan.Content: String]
    ) async throws -> Before? {
        let orders = plan.baseline.enumerated().map { number, content in
            [data.order(.ingest, content, number: number, digests: digests)]
        }
        var quiet = driver
        quiet.progress = { _ in }
        guard
            let (answered, late) = try await untilAWorkerEnds({ [quiet, runner] in
                try await quiet.drive(orders, within: runner.limits)
            })
        else {
            ruling = Ruling(inconclusive: "in the baseline, \(await processes?.ownEnds.first ?? "a worker ended")")
            return nil
        }
        try Task.checkCancellation()
        let ids = answered.map { $0.answer.storedID ?? $0.order.task.document }
        let found = await StoreSurvey(runner.system).find(ids)
        try Task.checkCancellation()
        let slow = late.map { "the baseline is unhealthy: without any fault, it \($0.words)" }
        if let doubt = slow ?? Baseline.doubt(answered, found) {
            // A worker that is gone is why.
            let end = await processes?.ownEnds.first.map { "in the baseline, \($0)" }
            ruling = Ruling(inconclusive: end ?? doubt)
            return nil
        }
        return Before(answered: answered, found: found)
    }

    /// Nil when a worker ended by itself before the work was done.
    private func untilAWorkerEnds<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        let workers = processes?.workers
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            if let workers {
                group.addTask {
                    // Cancelled: the work is done.
                    if await workers.anyEnd() { return nil }
                    try await Task.sleep(for: .seconds(1 << 30))
                    return nil
                }
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func orders(_ digests: [WorkloadPlan.Content: String]) -> [[WorkloadDriver.Order]] {
        var number = plan.baseline.count
        return plan.groups.map { group in
            group.map { item in
                defer { number += 1 }
                return data.order(item.kind, item.content, number: number, digests: digests)
            }
        }
    }

    /// What became of the windows, while their plan is in force.
    private mutating func noteWindows(from began: Int64) async throws {
        let progress = try await links.progress()
        let now = try await links.now()
        var struck: [Int: ProcessDirector.Progress] = [:]
        for window in experiment.windows where window.process != nil {
            struck[window.id] = await processes?.director.progress(of: window.id)
        }
        evidence.strikes = experiment.windows.map { window in
            let count = progress[window.id]
            let process = struck[window.id]
            return Strike(
                id: window.id, fault: window.what, name: window.ownName, link: window.struck,
                matched: count?.matched ?? process?.struck ?? 0, struck: process?.struck ?? count?.struck ?? 0,
                notApplied: process == nil ? count?.notApplied ?? 0 : 0,
                isDamage: type(of: window.fault).isDamage,
                isOpened: count?.opened != nil || process?.spans.isEmpty == false,
                failure: process?.struck == 0 ? process?.failure : nil)
        }
        evidence.spans = experiment.windows.flatMap { window in
            if let process = struck[window.id] {
                return process.spans.map { span in
                    WindowSpan(
                        id: window.id, name: window.name, link: window.struck, process: span.process, from: span.from,
                        to: max(span.from, span.to ?? now))
                }
            }
            guard let opened = progress[window.id]?.opened else { return [] }
            let closed = progress[window.id]?.closed.map { began + $0.nanoseconds }
            return [
                WindowSpan(
                    id: window.id, name: window.name, link: window.link, from: began + opened.nanoseconds,
                    to: closed ?? now)
            ]
        }
    }

    private mutating func readHistory(of answered: [WorkloadDriver.Answered], since began: Int64) throws {
        let sources = answered.filter { !$0.order.task.key.isEmpty }
            .map { ($0.order.task.key, $0.order.task.document) }
        let aliases = answered.compactMap { item in item.answer.storedID.map { ($0, item.order.task.document) } }
        let attribution = Attribution(
            stays: answered.map(\.stay), rules: runner.system.identification,
            sources: Dictionary(sources, uniquingKeysWith: { first, _ in first }),
            aliases: Dictionary(aliases, uniquingKeysWith: { first, _ in first }))
        var traffic = WireTraffic(attribution: attribution)
        try WireHistory.forEach(in: runner.historyPath) { event in
            if event.time >= began { traffic.add(event) }
        }
        evidence.traffic = traffic
        evidence.dropped = history.dropped
    }

    /// What a submission left under an id that it did not tell is not found.
    private func doubtOfIDs(_ answered: [WorkloadDriver.Answered]) -> String? {
        guard runner.system.pipeline.makesIDs else { return nil }
        let known = Set(answered.filter { $0.answer.storedID != nil }.map(\.order.task.document))
        let nameless = answered.filter { $0.answer.result == .unknown && !known.contains($0.order.task.document) }
        guard let first = nameless.first else { return nil }
        let others = nameless.count > 1 ? " and \(nameless.count - 1) more" : ""
        return "nobody knows under which id the stores know \(first.order.task.document)\(others): "
            + "no result told it, so what is left of it cannot be looked for"
    }

    private mutating func judge(
        _ answered: [WorkloadDriver.Answered], before: Before, _ found: StoreSurvey.Found,
        _ residue: ResidueProbe.Found, doubts: [String]
    ) {
        let orphans = Store.allCases.flatMap { found.orphans[$0] ?? [] }
        let orphansBefore = Store.allCases.flatMap { before.found.orphans[$0] ?? [] }
        let submissions =
            before.answered.map { Submission($0, isBaseline: true) }
            + answered.map { Submission($0, isBaseline: false) }
        var world = World(
            run: data.token, submissions: submissions, kinds: runner.system.kinds,
            footprints: found.footprints, orphans: World.newOrphans(orphans, since: orphansBefore),
            orphansSought: runner.system.footprints.orphansSought,
            links: evidence.traffic.links(configurations, isCutShort: history.dropped > 0),
            unreadable: found.unreadable)
        world.former = before.found.footprints.mapValues { footprints in
            Dictionary(footprints.map { ($0.document, $0.records) }, uniquingKeysWith: +)
        }
        world.residue = residue.residue
        world.residueSought = residue.sought
        evidence.world = world
        judgement = Checker.check(world)
        claims = experiment.expectations.map { expectation in
            RunResult.Claim(
                expectation: type(of: expectation).name, claim: expectation.claim,
                finding: expectation.check(evidence))
        }
        let names = Dictionary(uniqueKeysWithValues: experiment.windows.map { ($0.id, $0.name) })
        lost = answered.filter { $0.answer.result != .succeeded }.map { item in
            let windows = evidence.traffic.windows(striking: item.order.task.document).sorted()
            return LostDocument(item.order.task, item.answer, struckBy: windows.compactMap { names[$0] })
        }
        workflows = answered.compactMap { item in
            item.answer.workflow.map { trace in
                let task = item.order.task
                return RunResult.Workflow(
                    document: task.document, kind: task.kind, result: item.answer.result, trace: trace)
            }
        }
        ruling = Ruling(judgement: judgement, claims: claims, doubts: evidence.doubts + doubts)
    }
}

extension Submission {
    init(_ item: WorkloadDriver.Answered, isBaseline: Bool) {
        let task = item.order.task
        self.init(
            id: task.submission, document: task.document, kind: task.kind, storedID: item.answer.storedID,
            sourceKey: task.key.isEmpty ? nil : task.key, contentDigest: item.order.digest,
            result: item.answer.result, reason: item.answer.reason)
        self.isBaseline = isBaseline
        began = item.stay.from
        ended = item.stay.to
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}

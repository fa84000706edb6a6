import Consistency
package import Faults
package import Ingestion
import Proxy
import Wire

/// What an experiment would break, ask for and claim, in words. Making one opens nothing and breaks nothing.
package struct ExperimentOutline: Hashable, Sendable, Codable {
    package struct Link: Hashable, Sendable, Codable {
        package var name: String
        package var `protocol`: String
        package var listen: String
        package var upstream: String
        /// Windows that strike it.
        package var windows: Int
    }

    package struct Window: Hashable, Sendable, Codable {
        package var name: String
        package var link: String
        /// As written: `latency: { delay: 1s }`.
        package var fault: String
        /// One line of the reference.
        package var summary: String
        /// As written: `operation: GetObject`; `every request` or the like without a selector.
        package var strikes: String
        package var from: String
        package var until: String
    }

    package struct Workload: Hashable, Sendable, Codable {
        package var documents: Int
        /// Ingested without faults, before the workload.
        package var baseline: Int
        /// Of all that is uploaded for the seed, the baseline's and every version included.
        package var bytes: Int
        package var formats: [String]
        package var concurrency: Int
        /// By kind; kinds that don't occur are left out.
        package var submissions: [String: Int]
    }

    package struct Claim: Hashable, Sendable, Codable {
        package var name: String
        package var claim: String
    }

    package var experiment: String
    package var title: String
    package var file: String
    /// Nil: the reference worker on the native stack.
    package var system: String?
    package var pipeline: String
    /// What faultline starts beside it, one a line.
    package var workers: [String]
    package var links: [Link]
    package var windows: [Window]
    package var workload: Workload
    package var expectations: [Claim]
    package var invariants: [Claim]
    /// What is put into the system.
    package var made: [String]
    /// What becomes of it afterwards.
    package var deleted: [String]
    /// What is struck that is not there with this engine, in words; nil: all is.
    package private(set) var missing: String?

    private enum CodingKeys: CodingKey {
        case experiment, title, file, system, pipeline, workers, links, windows, workload, expectations, invariants
        case made, deleted
    }

    /// - Parameters:
    ///   - root: the project's root, which paths in the file start from.
    ///   - system: the file of the user's own system.
    ///   - engine: what drives the reference worker.
    /// - Throws: `SpecError` for an experiment that could not be run.
    package init(
        path: String, root: String, system: SystemFile?, engine: SagaEngine, seed: UInt64
    ) throws(SpecError) {
        let isReference = (system?.pipeline ?? .reference) == .reference
        let links = system?.links ?? ReferenceLinks.native(for: engine)
        let written = try ExperimentFile.read(path, root: root)
        let experiment = try Experiment.read(
            path, root: root, links: system?.traits ?? ReferenceLinks.traits,
            kinds: (system?.pipeline ?? .reference).kinds,
            processes: system.map(ProcessNames.init) ?? .reference)
        self.experiment = experiment.name
        title = experiment.title
        file = path
        self.system = system?.file
        pipeline = Self.words(system?.pipeline ?? .reference, engine)
        workers = (system?.workers ?? []).map(Self.words)
        if isReference, ReferenceWorkers.areStruck(by: experiment) { workers.append(ReferenceWorkers.words) }
        self.links = (isReference ? links.used(by: engine) : links).map { link in
            Link(
                name: link.name, protocol: link.linkProtocol.rawValue, listen: link.listenWords,
                upstream: link.upstream == NativeAddress.word ? "the native stack" : link.upstream,
                windows: experiment.windows.count { $0.link == link.name && $0.process == nil })
        }
        windows = zip(experiment.windows, written.faults).map { Window($0, as: $1, among: experiment.windows) }
        workload = Workload(experiment.workload, seed: seed)
        expectations = experiment.expectations.map { Claim(name: type(of: $0).name, claim: $0.claim) }
        invariants = Checker.invariants.map { Claim(name: type(of: $0).name, claim: type(of: $0).title) }
        (made, deleted) = Self.data(workload, system)
        missing = experiment.struck(
            beyond: Set(self.links.map(\.name)), isOnlyInside: isReference && engine == .embedded)
    }

    private static func words(_ worker: WorkerSpec) -> String {
        let count =
            switch worker.placement {
            case .perLane: "a process for each lane"
            case .count(let count): count == 1 ? "one process" : "\(count) processes"
            }
        return "\(worker.name): \(worker.words.joined(separator: " ")) (\(count))"
    }

    private static func words(_ pipeline: PipelineSpec, _ engine: SagaEngine) -> String {
        switch pipeline {
        case .reference: engine == .temporal ? "the reference worker, on Temporal" : "the reference worker, by itself"
        case .command(let command): command.words.joined(separator: " ")
        case .http(let http): http.words
        case .temporal(let temporal): temporal.words
        }
    }

    private static func data(_ workload: Workload, _ system: SystemFile?) -> (made: [String], deleted: [String]) {
        let bucket = system?.bucket.map { "the bucket '\($0)', under a prefix of the run's own" }
        let made = [
            "\(workload.documents) submissions and \(workload.baseline) documents for the baseline, uploaded to "
                + (bucket ?? "a bucket of the run's own"),
            "what the pipeline writes of them, under ids that begin with run-",
        ]
        var deleted = [bucket == nil ? "the bucket with all that is in it" : "the run's objects in the bucket"]
        guard let system, let cleanUp = system.cleanUp ?? (system.footprints == nil ? nil : CleanUp()) else {
            return (made, deleted + ["the records of these documents in all four stores"])
        }
        for store in Store.allCases where system.kinds[store] != nil || cleanUp.covers(store) {
            deleted.append(
                cleanUp.covers(store)
                    ? "records of these documents in \(store.rawValue), by 'clean-up'"
                    : "nothing in \(store.rawValue): 'clean-up' says nothing of it, so records stay")
        }
        return (made, deleted)
    }
}

extension ExperimentOutline.Window {
    fileprivate init(_ window: Faults.Window, as written: Spec, among windows: [Faults.Window]) {
        var written = written
        let fault = type(of: window.fault)
        let inject = (try? written.optional("inject", .node))??.flow ?? fault.kind
        let when = (try? written.optional(window.process == nil ? "when" : "at", .node))??.flow
        self.init(
            name: window.name, link: window.process.map { "process \($0.name)" } ?? window.link, fault: inject,
            summary: fault.summary,
            strikes: when.map { fault.target == .connections ? "connections, \($0)" : $0 } ?? Self.all(window),
            from: Self.words(window.opening, windows), until: Self.words(window.closing))
    }

    /// What a fault strikes without a selector.
    private static func all(_ window: Faults.Window) -> String {
        let fault = type(of: window.fault)
        switch window.selector.ownOperations {
        case .only(let operation): return "\(all(fault)) of \(operation)"
        case .allBut(let operation): return "\(all(fault)) but \(operation)"
        case .redis(let code): return "\(all(fault)) that Redis answers with \(code) by its own rules"
        case nil: return all(fault)
        }
    }

    private static func all(_ fault: any Fault.Type) -> String {
        switch (fault.target, fault.direction) {
        case (.messages, .request): "every request"
        case (.messages, .response): "every answer"
        case (.messages, nil): "everything"
        case (.connections, _): "every connection"
        case (.listeners, _): "every new connection"
        case (.processes, _): "its process"
        }
    }

    private static func words(_ opening: Faults.Window.Opening, _ windows: [Faults.Window]) -> String {
        switch opening {
        case .at(.zero): "the workload's start"
        case .at(let time): "\(time) after the workload's start"
        case .after(let id, let strikes):
            "when '\(windows.first { $0.id == id }?.name ?? "\(id)")' has struck "
                + (strikes == 1 ? "once" : "\(strikes) times")
        }
    }

    private static func words(_ closing: Faults.Window.Closing) -> String {
        switch closing {
        case .withPlan: "the workload's end"
        case .at(let time): "\(time) after the workload's start"
        case .lasting(let time): "\(time) after it opened"
        }
    }
}

extension ExperimentOutline.Workload {
    fileprivate init(_ workload: Experiments.Workload, seed: UInt64) {
        let plan = WorkloadPlan(workload, seed: seed)
        var counts: [String: Int] = [:]
        for item in plan.items { counts[item.kind.rawValue, default: 0] += 1 }
        self.init(
            documents: workload.documents, baseline: plan.baseline.count,
            bytes: plan.uploads.reduce(0) { $0 + $1.size },
            formats: workload.formats.map(\.rawValue), concurrency: workload.concurrency,
            submissions: counts)
    }
}

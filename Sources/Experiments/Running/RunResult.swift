package import Consistency
package import Ingestion

/// All that a run found out.
package struct RunResult: Sendable {
    /// One expectation, judged.
    package struct Claim: Hashable, Sendable, Codable {
        package var expectation: String
        package var claim: String
        package var finding: Finding

        package init(expectation: String, claim: String, finding: Finding) {
            self.expectation = expectation
            self.claim = claim
            self.finding = finding
        }
    }

    /// One submission that a workflow carried out.
    package struct Workflow: Hashable, Sendable, Codable {
        package var document: String
        package var kind: Submission.Kind
        package var result: Submission.Result
        package var trace: WorkflowTrace

        package init(
            document: String, kind: Submission.Kind, result: Submission.Result, trace: WorkflowTrace
        ) {
            self.document = document
            self.kind = kind
            self.result = result
            self.trace = trace
        }
    }

    package var experiment: Experiment
    /// The system's file; nil for the reference worker on the native stack.
    package var systemFile: String?
    package var seed: UInt64
    package var defects: Set<Defect>
    /// Names the run's data in the stores.
    package var run: String
    package var ruling: Ruling
    package var world: World
    package var judgement: Judgement
    package var claims: [Claim]
    package var lost: [LostDocument]
    /// In the order in which they ended, without the baseline's; empty for a pipeline that has no workflows.
    package var workflows: [Workflow] = []
    package var strikes: [Strike]
    package var events: Int
    package var dropped: Int
    package var phases: [PhaseTime]
    /// Things that went wrong beside the verdict, such as a clean-up that failed.
    package var notes: [String]
    /// The wire of the workload, without the baseline.
    package var traffic = WireTraffic()
    /// When each window was open.
    package var spans: [WindowSpan] = []
    /// What drove the reference worker; nil for a pipeline of the user's.
    package var engine: SagaEngine?
    /// The control API of the standing proxy whose links it used; nil: they were its own.
    package var proxy: String?
    /// From when until when documents were submitted, in nanoseconds of the wire history. Nil: none ever was.
    package var workload: ClosedRange<Int64>?

    /// A run of which no more is known; the rest is filled in as it is found out.
    package init(experiment: Experiment, seed: UInt64, run: String, ruling: Ruling) {
        self.experiment = experiment
        self.seed = seed
        self.run = run
        self.ruling = ruling
        defects = []
        world = World(run: run, submissions: [], kinds: [:])
        judgement = Checker.check(world)
        claims = []
        lost = []
        strikes = []
        events = 0
        dropped = 0
        phases = []
        notes = []
    }

    package var counts: DocumentCounts { DocumentCounts(world.submissions) }
    package var verdict: Verdict { ruling.verdict }
    /// How often something was broken.
    package var faultsFired: Int { strikes.filter(\.isDamage).reduce(0) { $0 + $1.struck } }
}

package struct PhaseTime: Hashable, Sendable, Codable {
    package var phase: RunPhase
    package var seconds: Double

    package init(phase: RunPhase, seconds: Double) {
        self.phase = phase
        self.seconds = seconds
    }
}

import Consistency
import Experiments
import Faults
import Foundation
import Proxy
import Reports
import Wire

/// Runs made by hand, with the wire that they left.
struct Sample {
    var result: RunResult
    var events: [WireEvent] = []

    static let started = Date(timeIntervalSince1970: 1_795_500_000)

    var page: ReportPage {
        let traffic = result.traffic
        var wire = WireDigest(watching: ReportPage.witnesses(result)) { traffic.owner(of: $0).document }
        for event in events { wire.add(event) }
        return ReportPage(result, wire: wire, started: Self.started)
    }

    /// A run with nothing in it.
    static var empty: Sample {
        Sample(
            result: RunResult(
                experiment: Experiment(name: "empty", title: "Nothing", workload: Workload(documents: 0)), seed: 1,
                run: "run-1", ruling: Ruling(inconclusive: "no document was submitted")))
    }

    /// Two documents: one that OpenAI refused twice before it succeeded, and one of which Qdrant lost its points.
    static var violated: Sample {
        var experiment = Experiment(
            name: "openai-rate-limited", title: "OpenAI answers 429 with Retry-After", workload: Workload(documents: 2))
        experiment.file = "faults/openai/rate-limited.yaml"
        experiment.runbook = "runbooks/rate-limited.md"
        experiment.reproduces = "retries came too early and the quota never recovered"
        let second: Int64 = 1_000_000_000
        var events: [WireEvent] = []
        for (index, time) in [1, 1.02].enumerated() {
            events.append(message("s3", 0, Double(time), "GetObject", key: "baseline-\(index)", exchange: 90 + index))
        }
        events += call("s3", 0, 2.0, "GetObject", key: "doc-1.txt", exchange: 1)
        events += call(
            "openai", 0, 2.1, "Embeddings", key: "embed doc-1", exchange: 1, status: 429, window: 1, retryAfter: 300)
        events += call(
            "openai", 0, 2.42, "Embeddings", key: "embed doc-1", exchange: 2, status: 429, window: 1, retryAfter: 600)
        events += call("openai", 0, 3.05, "Embeddings", key: "embed doc-1", exchange: 3)
        events += call("qdrant", 0, 3.2, "UpsertPoints", key: "points doc-1", exchange: 1, status: 500, window: 2)
        events += call("s3", 1, 2.0, "GetObject", key: "doc-2.txt", exchange: 2)
        events += call("openai", 1, 2.15, "Embeddings", key: "embed doc-2", exchange: 4)
        let attribution = Attribution(
            rules: [
                IdentificationRule(link: "s3", key: "{source}"),
                IdentificationRule(link: "openai", key: "embed {document}"),
                IdentificationRule(link: "qdrant", key: "points {document}"),
            ], sources: ["doc-1.txt": "doc-1", "doc-2.txt": "doc-2"])
        var world = World(
            run: "run-1",
            submissions: [
                Submission(id: "s-1", document: "doc-1", kind: .ingest, result: .succeeded),
                Submission(
                    id: "s-2", document: "doc-2", kind: .ingest, result: .unknown,
                    reason: "step <embed>, openai [500]: it \"broke\""),
            ], kinds: [.qdrant: [.chunk]])
        world.unreadable = [:]
        let violation = Violation(
            invariant: "atomic", document: "doc-1", stores: [.qdrant], expected: "records in all four stores",
            found: "none in qdrant; 8 chunks in postgres")
        let claims = [
            RunResult.Claim(
                expectation: "retries", claim: "no call on openai is retried more than twice",
                finding: .holds(checked: 3)),
            RunResult.Claim(
                expectation: "gives-up", claim: "a hanging call is given up within 5 s",
                finding: .unknown("no call hung")),
        ]
        let judgement = judged([
            ("atomic", .violated([violation])), ("complete", .holds(checked: 2)),
            ("restored", .notAsked("no document was ingested again")),
        ])
        var result = RunResult(
            experiment: experiment, seed: 7, run: "run-1",
            ruling: Ruling(judgement: judgement, claims: claims, doubts: []))
        result.world = world
        result.judgement = judgement
        result.claims = claims
        result.strikes = [
            Strike(id: 1, fault: "status on openai", link: "openai", matched: 4, struck: 2),
            Strike(id: 2, fault: "error on qdrant", link: "qdrant", matched: 1, struck: 1),
        ]
        result.events = events.count
        result.traffic = WireTraffic(events.dropFirst(2), attribution: attribution)
        result.spans = [
            WindowSpan(id: 1, name: "status on openai", link: "openai", from: 2 * second, to: 3 * second),
            WindowSpan(id: 2, name: "error on qdrant", link: "qdrant", from: 2 * second, to: 4 * second),
        ]
        result.workload = 2 * second...4 * second
        result.phases = [
            PhaseTime(phase: .preparing, seconds: 0.8), PhaseTime(phase: .baseline, seconds: 0.9),
            PhaseTime(phase: .workload, seconds: 2), PhaseTime(phase: .settling, seconds: 0.1),
            PhaseTime(phase: .checking, seconds: 0.4),
        ]
        return Sample(result: result, events: events)
    }

    /// Invariants' findings as a run has them.
    static func judged(_ findings: [(name: String, finding: Finding)]) -> Judgement {
        var judgement = Checker.check(World(run: "", submissions: [], kinds: [:]))
        judgement.findings = findings.map { one in
            var entry = judgement.findings[0]
            entry.invariant = one.name
            entry.title = "the claim of \(one.name)"
            entry.finding = one.finding
            return entry
        }
        return judgement
    }

    static func message(
        _ link: String, _ lane: Int, _ seconds: Double, _ operation: String, key: String, exchange: Int = 1,
        direction: Direction = .request, status: Int = 0, window: Int = 0, retryAfter: Int? = nil
    ) -> WireEvent {
        let time = Int64((seconds * 1e9).rounded())
        return WireEvent(
            time: time, link: link, connection: lane + 1, kind: .message,
            direction: direction, exchange: exchange, operation: operation, key: key, size: 200, status: status,
            action: window == 0 ? .forwarded : .replied, window: window, lane: lane, end: time + 10_000_000,
            retryAfterMilliseconds: retryAfter)
    }

    static func lost(
        _ document: String, step: String, service: String, code: String, reason: String, struckBy: [String]
    ) -> LostDocument {
        let object: [String: Any] = [
            "document": document, "name": document, "kind": "ingest", "result": "unknown", "step": step,
            "service": service, "code": code, "reason": reason,
            "struckBy": struckBy,
        ]
        let data = try! JSONSerialization.data(withJSONObject: object)
        return try! JSONDecoder().decode(LostDocument.self, from: data)
    }

    /// A request and its answer, 20 ms later. A window strikes the request and answers for the service.
    static func call(
        _ link: String, _ lane: Int, _ seconds: Double, _ operation: String, key: String, exchange: Int,
        status: Int = 200, window: Int = 0, retryAfter: Int? = nil
    ) -> [WireEvent] {
        [
            message(link, lane, seconds, operation, key: key, exchange: exchange, window: window),
            message(
                link, lane, seconds + 0.02, operation, key: key, exchange: exchange, direction: .response,
                status: status, window: window, retryAfter: retryAfter),
        ]
    }
}

extension Sample {
    /// 500 lost documents with names of 200 characters, 100,000 events on six links, every call tried again.
    static let stress: Sample = {
        let names = (0..<500).map { index in
            let number = String(index)
            return "<doc> & \"\(number)\" " + String(repeating: "x", count: 188 - number.count)
        }
        var experiment = Experiment(
            name: "stress", title: String(repeating: "A long title & <more> ", count: 9),
            workload: Workload(documents: 500))
        experiment.file = "faults/stress.yaml"
        let links = ["neo4j", "openai", "postgres", "qdrant", "redis", "s3"]
        var events: [WireEvent] = []
        for index in 0..<50_000 {
            let link = links[index % 6]
            let seconds = Double(index) * 0.0013 + Double(index * 7919 % 101) * 0.01
            let isStruck = index % 17 == 0
            events += call(
                link, 0, seconds, "Operation", key: names[index % 500], exchange: index + 1,
                status: isStruck ? 503 : 200,
                window: isStruck ? index % 3 + 1 : 0)
        }
        let violations = names.map {
            Violation(
                invariant: "atomic", document: $0, stores: Store.allCases, expected: "records in all four stores",
                found: "document \($0) in postgres alone")
        }
        let judgement = judged([
            ("atomic", .violated(violations)), ("complete", .unknown("postgres could not be read")),
        ])
        var result = RunResult(
            experiment: experiment, seed: 1, run: "run-stress",
            ruling: Ruling(judgement: judgement, claims: [], doubts: []))
        result.world = World(
            run: "run-stress",
            submissions: names.map {
                Submission(id: $0, document: $0, kind: .ingest, result: .unknown, reason: "it broke")
            },
            kinds: [:])
        result.judgement = judgement
        result.lost = names.enumerated().map { index, name in
            lost(
                name, step: ["parse", "embed", "write"][index % 3], service: links[index % 6],
                code: "Code\(index % 40)", reason: "the file \(name) is not what it was", struckBy: ["status on openai"]
            )
        }
        result.strikes = (1...3).map {
            Strike(id: $0, fault: "status on \(links[$0])", link: links[$0], matched: 9000, struck: 980)
        }
        result.events = events.count
        result.traffic = WireTraffic(
            events,
            attribution: Attribution(
                rules: links.map { IdentificationRule(link: $0, key: "{document}") },
                sources: Dictionary(uniqueKeysWithValues: names.map { ($0 + ".txt", $0) })))
        result.workload = 100_000_000...66_000_000_000
        result.phases = [
            PhaseTime(phase: .preparing, seconds: 1), PhaseTime(phase: .workload, seconds: 66),
            PhaseTime(phase: .checking, seconds: 2),
        ]
        return Sample(result: result, events: events)
    }()
}

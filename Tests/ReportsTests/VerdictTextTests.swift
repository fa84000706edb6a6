import Consistency
import Experiments
import Ingestion
import Reports
import Testing

@Suite struct VerdictTextTests {
    @Test func itSaysWhereInWhichStoreAndHowToSeeItAgain() {
        let text = "\(VerdictText(Sample.violated.result, folder: "runs/1"))"
        for line in [
            "VIOLATED  openai-rate-limited: 1 document is not consistent in qdrant (atomic) (4.2 s, seed 7)",
            "  Broken: atomic", "    document doc-1, in qdrant", "      expected  records in all four stores",
            "      found     none in qdrant; 8 chunks in postgres", "  runbook   runbooks/rate-limited.md",
            "  report    runs/1/report.html", "  replay    faultline run faults/openai/rate-limited.yaml --seed 7",
            "  fault     error on qdrant struck once",
        ] {
            #expect(text.split(separator: "\n").contains(line[...]), "\(line)\n\(text)")
        }
    }

    /// The engine that `run` takes by itself is not named.
    @Test func theOtherEngineIsPartOfTheReplay() {
        var result = Sample.violated.result
        result.engine = .temporal
        #expect(Replay.command(result) == "faultline run faults/openai/rate-limited.yaml --seed 7")
        result.engine = .embedded
        #expect(Replay.command(result) == "faultline run faults/openai/rate-limited.yaml --engine embedded --seed 7")
    }

    @Test func whatCouldNotBeStruckIsTold() {
        var result = Sample.violated.result
        result.strikes = [
            Strike(id: 1, fault: "drop-embedding on openai", link: "openai", matched: 5, struck: 2, notApplied: 3),
            Strike(id: 2, fault: "watch on s3", name: "seen", link: "s3", matched: 1, struck: 1, isDamage: false),
        ]
        let lines = "\(VerdictText(result, folder: "runs/1"))".split(separator: "\n")
        let declined = "struck 2 times; it could not strike 3 messages, whose bodies were too long or of another kind"
        #expect(lines.contains { $0 == "  fault     drop-embedding on openai \(declined)" })
        #expect(lines.contains("  watch     seen (watch on s3) saw 1 message"))
        #expect(result.faultsFired == 2)
    }

    @Test func whenAllIsLostWhatCannotBeKnownIsOneLine() {
        var result = Sample.stress.result
        result.judgement = Sample.judged([
            ("atomic", .unknown("nothing was there to check")), ("complete", .unknown("nothing was there to check")),
            ("no-bypass", .unknown("no document succeeded, so no link had to see any")),
        ])
        result.claims = [
            RunResult.Claim(
                expectation: "documents", claim: "all succeed",
                finding: .violated([
                    Violation(invariant: "documents", document: nil, stores: [], expected: "all", found: "none")
                ]))
        ]
        result.ruling = Ruling(judgement: result.judgement, claims: result.claims, doubts: [])
        let lines = "\(VerdictText(result, folder: "runs/1"))".split(separator: "\n")
        let unknown = lines.filter { $0.contains("Not known") || $0.contains("nobody can tell") }
        #expect(unknown == ["  Not known: atomic, complete, no-bypass, since no document was ingested"])
        #expect(lines[0].hasPrefix("VIOLATED  stress: 500 of 500 documents were not ingested"))
        #expect(lines.count < 35)
    }

    @Test func aBrokenClaimIsNamedWithHowManyDocumentsBrokeIt() {
        var result = Sample.violated.result
        result.judgement = Sample.judged([("atomic", .holds(checked: 2))])
        result.claims[0].finding = .violated(
            (0..<15).map {
                Violation(
                    invariant: "retries", document: "doc-\($0 / 2)", stores: [], expected: "no retry within 1 s",
                    found: "one after 144 ms")
            })
        result.ruling = Ruling(judgement: result.judgement, claims: result.claims, doubts: [])
        #expect(Headline(result).sentence == "what retries claims is not true of 8 documents")
    }
}

import Consistency
import Experiments
import Foundation
import FoundationXML
import Reports
import Testing

@Suite struct ReportPageTests {
    /// Pages are written to the folder that this variable names, to be looked at.
    private static let folder = ProcessInfo.processInfo.environment["FAULTLINE_PAGES"]

    private func text(_ sample: Sample, name: String) throws -> String {
        let html = sample.page.html
        if let folder = Self.folder {
            try Data(html.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).html"))
        }
        return html
    }

    @Test func anEmptyRunHasAPage() throws {
        let html = try text(.empty, name: "empty")
        #expect(html.contains("Inconclusive:"))
        #expect(html.contains("no document was submitted"))
        #expect(html.contains("Nothing was on the wire."))
    }

    @Test func aViolationIsToldWithItsWireAndItsReplay() throws {
        let sample = Sample.violated
        let html = try text(sample, name: "violated")
        let page = sample.page
        #expect(page.cases.count == 1)
        #expect(page.cases[0].witness == "doc-1")
        #expect(page.cases[0].trail.count == 10)
        #expect(page.cases[0].reported == "ingest succeeded")
        for part in [
            "Violated:", "records in all four stores", "none in qdrant; 8 chunks in postgres",
            "runbooks/rate-limited.md",
            "faultline run faults/openai/rate-limited.yaml --seed 7", "not asked", "status on openai",
        ] {
            #expect(html.contains(part), "\(part)")
        }
        #expect(!html.contains("<embed>"))
    }

    @Test func violationsOfOneDocumentAreOneCase() {
        var sample = Sample.violated
        let further = [("doc-1", "a"), ("doc-2", "b")].map { document, found in
            Violation(invariant: "complete", document: document, stores: [.qdrant], expected: "8 chunks", found: found)
        }
        sample.result.judgement.findings[1].finding = .violated(further)
        let cases = sample.page.cases
        #expect(cases.map(\.document) == ["doc-1", "doc-2"])
        #expect(cases[0].charges.shown.map(\.check) == ["atomic", "complete"])
        #expect(cases[1].reported == "ingest ended in doubt: step <embed>, openai [500]: it \"broke\"")
        #expect(cases.allSatisfy { !$0.trail.isEmpty })
    }

    @Test func aRetriedCallHasABarAnAttempt() {
        let calls = Sample.violated.page.calls
        #expect(calls.shown.count == 1 && calls.more == 0)
        let call = calls.shown[0]
        #expect(call.bars.map(\.outcome) == [.answered(status: 429), .answered(status: 429), .answered(status: 200)])
        #expect(call.bars.map(\.struckBy) == ["status on openai", "status on openai", nil])
        #expect(call.bars.map(\.isGood) == [false, false, true])
        #expect(abs(call.began - 0.1) < 1e-6)
    }

    @Test func timeCountsFromTheWorkload() throws {
        let timeline = try #require(Sample.violated.page.timeline)
        #expect(timeline.rows.map(\.name) == ["openai", "qdrant", "s3"])
        #expect(timeline.begin == -1)
        #expect(timeline.rows.map(\.total) == [4, 1, 4])
        // A fault that answers for the service strikes once.
        #expect(timeline.rows.map(\.struckTotal) == [2, 1, 0])
        #expect(timeline.ticks.contains { $0.seconds == 0 })
        #expect(timeline.phases.map(\.name).contains("workload"))
        let window = try #require(timeline.rows[0].windows.first)
        #expect(window.from < window.to && window.to < 1)
    }

    @Test func aProcessThatWasStruckHasARow() throws {
        var sample = Sample.violated
        let second: Int64 = 1_000_000_000
        func span(_ process: String, _ from: Int64, _ to: Int64) -> WindowSpan {
            WindowSpan(
                id: 3, name: "kill of openai", link: "openai", process: process, from: from * second / 10,
                to: to * second / 10)
        }
        sample.result.spans += [span("openai", 25, 30), span("worker-1", 22, 24), span("openai", 34, 34)]
        sample.result.strikes.append(Strike(id: 3, fault: "kill of openai", link: "openai", matched: 3, struck: 3))
        let page = sample.page
        let timeline = try #require(page.timeline)
        #expect(timeline.rows.map(\.name) == ["openai", "qdrant", "s3", "openai", "worker-1"])
        #expect(timeline.rows.map(\.isProcess) == [false, false, false, true, true])
        // The link of the same name has its own windows alone.
        #expect(timeline.rows.map(\.windows.count) == [1, 1, 0, 2, 1])
        #expect(page.faults.last?.opened == 0.2)
        #expect(page.faults.last?.closed == 1.4)
        let html = try text(sample, name: "processes")
        #expect(html.contains("<strong>worker-1</strong><small>process, struck once: kill of openai</small>"))
        #expect(html.contains("<strong>openai</strong><small>process, struck 2 times: kill of openai</small>"))
        #expect(html.contains("a process was struck, and did not run"))
        #expect(!Sample.violated.page.html.contains("a process was struck, and did not run"))
    }

    /// The page is also XML once HTML's doctype is gone, so every element that is opened is closed, and everything is escaped.
    @Test(arguments: ["empty", "violated", "stress"])
    func pagesAreWellFormedAndAskForNothing(name: String) throws {
        let html = (name == "empty" ? Sample.empty : name == "violated" ? .violated : .stress).page.html
        let document = html.dropFirst("<!DOCTYPE html>\n".count)
        #expect(throws: Never.self) { try XMLDocument(data: Data(document.utf8)) }
        for forbidden in ["<script", "src=", "href=", "@import", "http:", "https:"] {
            // As bytes: searching a large string character by character takes seconds.
            #expect(Data(html.utf8).range(of: Data(forbidden.utf8)) == nil, "\(forbidden)")
        }
    }

    @Test func eachDocumentLeadsToItsWorkflow() throws {
        var sample = Sample.violated
        let trace = WorkflowTrace(namespace: "n", id: "ingest-a/b", run: "r-1", webUI: "http://127.0.0.1:8233")
        sample.result.workflows = [
            .init(document: "doc-1", kind: .ingest, result: .rolledBack, trace: trace),
            .init(
                document: "doc-2", kind: .ingest, result: .succeeded,
                trace: WorkflowTrace(namespace: "n", id: "ingest-2", run: "r-2")),
        ]
        let html = sample.page.html
        let link =
            #"<a href="http://127.0.0.1:8233/namespaces/n/workflows/ingest-a%2Fb/r-1/history"><code>"#
        #expect(html.contains("\(link)doc-1</code></a></h3>"))
        #expect(html.contains("\(link)ingest-a/b</code></a>"))
        #expect(html.contains("<code>ingest-2</code>"))
        let verdict = try JSONEncoder().encode(VerdictFile(sample.result, started: Date(timeIntervalSince1970: 0)))
        let text = String(decoding: verdict, as: UTF8.self)
        #expect(text.contains(#""run":"r-1""#))
    }

    @Test func aLargeRunStaysReadable() throws {
        let sample = Sample.stress
        let html = try text(sample, name: "stress")
        #expect(html.utf8.count < 1_000_000, "\(html.utf8.count) bytes")
        let page = sample.page
        #expect(page.lost == 500)
        #expect(html.contains("more documents in "))
        #expect(html.contains("more retried calls in "))
        #expect(page.cases.count == 5 && page.further.shown.count + page.further.more == 495)
        #expect(page.timeline.map { $0.rows.allSatisfy { $0.requests.count <= ActivitySeries.bucketsMax } } == true)
    }
}

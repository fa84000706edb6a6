import Consistency
import Experiments
import Foundation
import FoundationXML
import Reports
import Testing

@Suite struct CampaignTests {
    private struct Broken: Error, CustomStringConvertible { let description = "the disk is full" }

    private static let entries: [CampaignEntry] = {
        var held = Sample.violated.result
        held.experiment.name = "calm"
        held.ruling = Ruling(judgement: Sample.judged([("atomic", .holds(checked: 2))]), claims: [], doubts: [])
        held.judgement = Sample.judged([("atomic", .holds(checked: 2))])
        held.claims = []
        let failed = Experiment(name: "failed", title: "F", workload: Workload(documents: 1))
        return [
            CampaignEntry(held, folder: "runs/1-calm", started: Sample.started),
            CampaignEntry(failed, seed: 7, failure: Broken(), started: Sample.started, seconds: 0),
            CampaignEntry(Sample.violated.result, folder: "runs/1-openai", started: Sample.started),
        ]
    }()

    @Test func whatBrokeComesFirst() throws {
        let text = "\(CampaignText(Self.entries, planned: 5, page: "runs/1-summary/summary.html"))"
        let places = try ["VIOLATED  openai", "INCONCLUSIVE  failed: faultline failed: the disk is full", "HELD  calm"]
            .map {
                try #require(text.range(of: $0)?.lowerBound, "\($0) in \(text)")
            }
        #expect(places == places.sorted())
        #expect(text.contains("replay    faultline run faults/openai/rate-limited.yaml --seed 7"))
        #expect(text.contains("runs/1-openai/report.html"))
        #expect(
            text.hasSuffix(
                """
                1 violated, 1 inconclusive (1 by a fault of faultline's own), 1 held; 2 of 5 not run
                summary: runs/1-summary/summary.html
                """))
    }

    @Test func thePageLinksThoseOfTheRuns() {
        let html = CampaignPage(Self.entries, planned: 3, started: Sample.started).html
        #expect(XMLParser(data: Data(html.dropFirst("<!DOCTYPE html>\n".count).utf8)).parse())
        #expect(html.contains(#"<a href="../1-openai/report.html">"#))
        #expect(html.contains("Violated:"))
    }

    private static let runs = [
        CampaignBoard.Run(name: "first", seed: 1, expected: 10), .init(name: "second", seed: 1, expected: 20),
    ]

    @Test func theBoardTellsWhereItStands() {
        var board = CampaignBoard(Self.runs)
        board.begin(at: 0)
        board.show(.phase(.workload))
        board.show(.documents(done: 3, of: 9, struck: 2))
        #expect(
            board.lines(width: 200, at: 4) == [
                "[1/2] first, 4 s: 3 of 9 documents, faults struck 2", "no verdict yet, about 26 s left",
            ])
        board.end(.violated, at: 20)
        board.begin(at: 20)
        board.show(.phase(.baseline))
        // The first took twice what was expected.
        #expect(
            board.lines(width: 200, at: 25) == [
                "[2/2] second, 5 s: baseline without faults", "1 violated, about 35 s left",
            ])
    }

    @Test(arguments: 0...60) func noLineIsWiderThanTheTerminal(width: Int) {
        var board = CampaignBoard(Self.runs)
        board.begin(at: 0)
        board.show(.phase(.preparing))
        #expect(board.lines(width: width, at: 1).allSatisfy { $0.count <= width })
    }

    @Test func oneRunIsOneLine() {
        var board = CampaignBoard([Self.runs[0]])
        #expect(board.lines(width: 80, at: 0) == [])
        board.begin(at: 0)
        #expect(board.lines(width: 80, at: 61) == ["first, 1 min 01 s: beginning"])
    }

    @Test func theLastRunTellsHowLongTheNextWillTake() throws {
        let parent = NSTemporaryDirectory() + "faultline-forecast-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let experiment = Experiment(name: "e", title: "E", workload: Workload(documents: 100))
        #expect(RunForecast(in: parent).seconds(of: experiment) == 8)
        for (folder, name, seconds) in [
            ("20260101-000000-e", "e", 1), ("20260102-000000-e", "e", 42), ("20260103-000000-e-2", "e-2", 7),
        ] {
            try FileManager.default.createDirectory(atPath: "\(parent)/\(folder)", withIntermediateDirectories: true)
            try Data("{\"experiment\": \"\(name)\", \"seconds\": \(seconds)}".utf8)
                .write(to: URL(fileURLWithPath: "\(parent)/\(folder)/verdict.json"))
        }
        #expect(RunForecast(in: parent).seconds(of: experiment) == 42)
    }
}

import Control
import Experiments
import Faults
import Foundation
import Stack
import Stores
import Testing
import Wire

/// A plan is the same at the other end.
@Suite struct PlanBodyTests {
    private static let links = ReferenceLinks.traits.merging(["web": .http, "bytes": LinkTraits(.tcp)]) { $1 }

    private func windows(_ yaml: String) throws -> [Window] {
        var spec = try Spec(file: "e.yaml", root: YAMLFile.parse(yaml, file: "e.yaml"))
        let entries = try spec.required("faults", .list(of: .spec))
        return try WindowReader.read(entries, links: Self.links)
    }

    private func expectSame(_ windows: [Window], _ what: String) throws {
        let body = try PlanBody.json(windows, seed: .max).bytes
        let (arrived, seed) = try PlanBody.read(body, links: Self.links)
        #expect(seed == .max)
        #expect(arrived.map(\.id) == windows.map(\.id), "\(what)")
        for (window, other) in zip(windows, arrived) {
            #expect(window.strikesAlike(other), "\(what): \(window) \(other)")
            #expect(window.opening == other.opening && window.closing == other.closing, "\(what)")
            #expect(window.ownName == other.ownName, "\(what)")
        }
    }

    @Test func everyExperimentThatThereIs() throws {
        let project = try StackHome.standard().project
        let files = try #require(FileManager.default.enumerator(atPath: project + "/faults")).compactMap {
            ($0 as? String).flatMap { $0.hasSuffix(".yaml") ? $0 : nil }
        }
        #expect(files.count > 60)
        for file in files {
            let experiment = try Experiment.read("\(project)/faults/\(file)", root: project)
            try expectSame(experiment.windows.filter { $0.process == nil }, file)
        }
    }

    @Test(arguments: FaultCatalogue.all.filter { $0.target != .processes }.map { $0.kind })
    func everyFaultWithEveryOption(kind: String) throws {
        let fault = try #require(FaultCatalogue.all.first { $0.kind == kind })
        try expectSame(try windows(fault.exampleSection), kind)
        let link =
            fault.services?.first?.rawValue
            ?? Self.links.keys.sorted().first {
                fault.protocols.contains(Self.links[$0]!.linkProtocol) && $0 != "bytes"
            }
        let options = fault.attributes.map { "\($0.name): \($0.example)" }.joined(separator: ", ")
        let inject = options.isEmpty ? kind : "{ \(kind): { \(options) } }"
        try expectSame(try windows("faults: [{ on: \(try #require(link)), inject: \(inject) }]"), kind)
    }

    @Test(arguments: [
        ("s3", "operation: 'Get*', direction: both, key: 'a/*'"), ("s3", "method: GET, path: '/a*'"),
        ("s3", "method: [GET, PUT], status: [503, 4xx], direction: response"), ("web", "header: Content-Type"),
        ("web", "header: { name: X-Null, value: '~' }"), ("web", "key: 'true', header: { name: X, value: '1' }"),
        ("postgres", "statement: 'INSERT INTO *', retries: only"), ("neo4j", "statement: 'null'"),
        ("redis", "key: '007', nth: 3"), ("redis", "after: 2, every: 3, at-most: 9"),
        ("redis", "first: 5, probability: 12.5%"), ("redis", "first-per-call: 2"),
        ("redis", "per: connection, nth: 2"), ("bytes", "direction: response, probability: 0.1%"),
    ])
    func everySelector(link: String, when: String) throws {
        let inject = link == "bytes" ? "blackhole" : "watch"
        try expectSame(try windows("faults: [{ on: \(link), when: { \(when) }, inject: \(inject) }]"), when)
    }

    @Test func windowsThatWaitForOneAnotherKeepTheirNumbers() throws {
        let all = try windows(
            """
            faults:
              - { on: redis, inject: reset, from: 250ms, until: 1.5s }
              - { name: first, on: s3, inject: slow-down, when: { first: 1 } }
              - { name: second, on: postgres, inject: error, from: { after: first, strikes: 2 }, for: 1m }
              - { on: neo4j, inject: blackhole, from: { after: second }, until: end }
            """)
        try expectSame(all, "all")
        // What strikes processes is left out on the way, so numbers have gaps.
        try expectSame(all.map { $0.renumbered { $0 * 10 } }, "with gaps")
    }

    @Test func whatNoFileSaysIsNotSent() throws {
        let made = Window(id: 1, link: "redis", fault: try windows("faults: [{ on: redis, inject: reset }]")[0].fault)
        let error = #expect(throws: PlanBody.Unwritten.self) { try PlanBody.json([made], seed: 1) }
        #expect(error?.window == "reset on redis")
    }

    @Test(arguments: [
        (#"{}"#, "seed"), (#"{"seed":-1,"faults":[]}"#, "seed"), (#"{"seed":1}"#, "faults"),
        (#"{"seed":1,"faults":[],"x":1}"#, "no option 'x'"), (#"{"seed":1,"faults":[{"on":"s3"}]}"#, "of its own"),
        (#"{"seed":1,"faults":[{"id":1,"on":"s4","inject":"reset"}]}"#, "names no link"),
        (
            #"{"seed":1,"faults":[{"id":1,"on":"s3","inject":"reset"},{"id":1,"on":"s3","inject":"reset"}]}"#,
            "of its own"
        ),
        (#"{"seed":1,"faults":[{"id":1,"process":"s3","inject":"kill"}]}"#, "process"),
    ])
    func whatIsNoPlanIsRefused(body: String, words: String) throws {
        let error = #expect(throws: (any Error).self) {
            try PlanBody.read(Array(body.utf8), links: Self.links)
        }
        #expect(error.map { "\($0)" }?.contains(words) == true, "\(String(describing: error))")
    }
}

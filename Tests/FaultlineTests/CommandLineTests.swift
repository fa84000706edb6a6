import Foundation
import Testing

/// The built program, as a user starts it.
@Suite struct CommandLineTests {
    private func faultline(_ arguments: String...) async throws -> Program.Answer {
        try await Program.run(arguments)
    }

    private func file(_ text: String, _ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "faultline-\(UUID().uuidString).yaml"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test func aMisspeltOptionIsNamedWithItsLineAndTheKnownOnes() async throws {
        let text = """
            name: e
            title: E
            workload: { documents: 1 }
            faults:
              - on: s3
                inject: { latency: { delay: 1s, jiter: 1s } }
            """
        try await file(text) { path in
            let answer = try await faultline("run", path)
            #expect(answer.code == 64)
            #expect(answer.output == "")
            #expect(
                answer.error.hasPrefix("\(path):6: faults[0].inject.latency has no option 'jiter'"), "\(answer.error)")
            #expect(answer.error.contains("known options: delay, jitter"), "\(answer.error)")
        }
    }

    @Test(arguments: [
        ["run"], ["run", "/nowhere.yaml"], ["run", "/nowhere.yaml", "--defect", "no-such"], ["frobnicate"],
        ["proxy"], ["proxy", "--link", "redis"], ["run", "faults", "--seeds", "0"], ["judge"], ["judge", "/nowhere"],
    ])
    func badUsageIs64(arguments: [String]) async throws {
        let answer = try await Program.run(arguments)
        #expect(answer.code == 64)
        #expect(answer.error.isEmpty == false)
    }

    @Test func listsAreJSONObjectsWithNames() async throws {
        for command in ["faults", "defects"] {
            let answer = try await faultline(command, "--format", "json")
            #expect(answer.code == 0)
            let list = try #require(
                try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]])
            #expect(!list.isEmpty && list.allSatisfy { $0["name"] is String })
        }
    }

    private func folder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "faultline-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
        try await body(path)
    }

    private static func experiment(_ name: String, tags: String) -> String {
        "name: \(name)\ntitle: T\ntags: [\(tags)]\nworkload: { documents: 3 }\n"
    }

    @Test func tagsChooseAndAListRunsNothing() async throws {
        let files = [
            "a.yaml": Self.experiment("a", tags: "quick, s3"), "b.yaml": Self.experiment("b", tags: "slow"),
            "c.yml": Self.experiment("c", tags: "quick"),
        ]
        try await folder(files) { path in
            let answer = try await faultline(
                "run", path, "\(path)/a.yaml", "--tag", "s3", "--tag", "slow", "--list", "--format", "json")
            #expect(answer.code == 0, "\(answer.error)")
            let rows = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [[String: Any]]
            #expect(rows?.compactMap { $0["name"] as? String } == ["a", "b"])
            #expect(rows?.first?["tags"] as? [String] == ["quick", "s3"])
            #expect(rows?.first?["documents"] as? Int == 3)
        }
    }

    @Test func aTagThatNoneHasIsToldWithThoseThatThereAre() async throws {
        try await folder(["a.yaml": Self.experiment("a", tags: "quick, s3")]) { path in
            let answer = try await faultline("run", path, "--tag", "quik")
            #expect(answer.code == 64)
            #expect(answer.error.contains("has the tag 'quik'; known tags: quick, s3"), "\(answer.error)")
        }
    }

    @Test func everyBrokenFileIsToldBeforeAnythingRuns() async throws {
        let files = ["a.yaml": "name: a\n", "b.yaml": "nonsense: b\n", "c.yaml": Self.experiment("c", tags: "x")]
        try await folder(files) { path in
            let answer = try await faultline("run", path, "--out", "\(path)/runs")
            #expect(answer.code == 64)
            #expect(
                answer.error.contains("\(path)/a.yaml:") && answer.error.contains("\(path)/b.yaml:"), "\(answer.error)")
            #expect(!FileManager.default.fileExists(atPath: "\(path)/runs"))
        }
    }

    @Test func aJUnitFileThatCannotBeWrittenIsToldFirst() async throws {
        try await folder(["a.yaml": Self.experiment("a", tags: "x")]) { path in
            let answer = try await faultline("run", "\(path)/a.yaml", "--junit", "\(path)/no/such/junit.xml")
            #expect(answer.code == 64)
            #expect(answer.error.contains("make the folder"), "\(answer.error)")
        }
    }

    @Test func whatCannotBeJudgedIsToldWithTheFile() async throws {
        try await folder(["world.json": "{\"format\": 99}"]) { path in
            let answer = try await faultline("judge", path)
            #expect(answer.code == 64)
            #expect(answer.error.contains("\(path)/world.json: has the format 99"), "\(answer.error)")
        }
    }

    /// Two stores of which one lost the document, and then one without any.
    @Test func aSavedWorldIsJudgedByItsExitCode() async throws {
        let document = #"{"key": "d", "kind": "document"}"#
        func world(redis: String) -> String {
            """
            {"run": "r", "kinds": {"postgres": ["document"], "redis": ["document"]},
             "submissions": [{"id": "s", "document": "d", "kind": "ingest", "result": "succeeded", "isBaseline": false}],
             "footprints": {"postgres": {"d": [\(document)]}, "redis": {"d": [\(redis)]}}, "former": {}, "orphans": [],
             "orphansSought": [], "residue": [], "residueSought": [], "links": [], "unreadable": {}}
            """
        }
        try await folder(["bad.json": world(redis: ""), "empty.json": "{}"]) { path in
            let bad = try await faultline("judge", "\(path)/bad.json")
            #expect(bad.code == 1, "\(bad.error)")
            #expect(
                bad.output.contains("VIOLATED  atomic") && bad.output.contains("document d, in redis"), "\(bad.output)")
            let json = try await faultline("judge", "\(path)/bad.json", "--format", "json")
            let answer = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
            #expect(json.code == 1 && answer?["verdict"] as? String == "violated")
            let empty = try await faultline("judge", "\(path)/empty.json")
            #expect(empty.code == 64 && empty.error.contains("is missing"), "\(empty.error)")
        }
    }
}

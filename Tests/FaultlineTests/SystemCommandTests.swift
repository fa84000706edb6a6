import Foundation
import Testing

/// `init`, `doctor` and `plan`, as a user starts them.
@Suite struct SystemCommandTests {
    private func faultline(_ arguments: String...) async throws -> Program.Answer {
        try await Program.run(arguments)
    }

    private func folder(_ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "faultline-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test func initNeverOverwritesUnasked() async throws {
        try await folder { folder in
            let file = "\(folder)/faultline.yaml"
            #expect(try await faultline("init", "--output", file).code == 0)
            let written = try String(contentsOfFile: file, encoding: .utf8)
            #expect(written.contains("links:"))
            try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
            let refused = try await faultline("init", "--output", file)
            #expect(refused.code == 64)
            #expect(refused.error.contains("--force"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            #expect(try await faultline("init", "--output", file, "--force").code == 0)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == written)
            #expect(try await faultline("init", "--output", "\(folder)/none/faultline.yaml").code == 64)
        }
    }

    @Test func planSaysWhatWouldBreak() async throws {
        try await folder { folder in
            let file = "\(folder)/e.yaml"
            try Data(
                """
                name: e
                title: A plan
                workload: { documents: 10, size: 1KiB..1KiB }
                faults:
                  - { on: s3, when: { operation: GetObject, first: 2 }, inject: { latency: { delay: 1s } }, from: 2s, until: 3s }
                  - { on: redis, when: { nth: 3 }, inject: { limit: { bytes: 1MiB } } }
                  - { on: redis, inject: partition }
                  - { on: qdrant, inject: reset }
                  - { on: openai, inject: drop-embedding }
                expect:
                  - documents: { succeed: all }
                """.utf8
            ).write(to: URL(fileURLWithPath: file))
            let text = try await faultline("plan", file)
            #expect(text.code == 0, "\(text.error)")
            for part in [
                "on s3: latency: { delay: 1s }", "strikes: operation: GetObject, first: 2",
                "strikes: connections, nth: 3", "strikes: every connection", "strikes: every request",
                "strikes: every answer of embeddings",
                "from 2.0 seconds after the workload's start until 3.0 seconds after the workload's start",
                "10 submissions (txt)", "10 ingest", "all documents to succeed", "no-orphans", "the native stack",
            ] {
                #expect(text.output.contains(part), "\(part) in \(text.output)")
            }
            let json = try await faultline("plan", file, "--format", "json")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [[String: Any]]])
            #expect(object["experiments"]?.first?["experiment"] as? String == "e")
            #expect(try await faultline("plan", file, "--system", "/nowhere.yaml").code == 64)
        }
    }

    /// As `run` opens them.
    @Test func planListsTheLinkToTemporalWhereTheEngineHasOne() async throws {
        try await folder { folder in
            let file = "\(folder)/e.yaml"
            func write(_ link: String) throws {
                let text =
                    "name: e\ntitle: E\nworkload: { documents: 1 }\nfaults: [{ on: \(link), inject: partition }]\n"
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            }
            func links(_ answer: Program.Answer) throws -> [String: Int] {
                let object =
                    try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: [[String: Any]]]
                let links = try #require(object?["experiments"]?.first?["links"] as? [[String: Any]])
                return Dictionary(
                    links.map { ($0["name"] as? String ?? "", $0["windows"] as? Int ?? -1) },
                    uniquingKeysWith: { first, _ in first })
            }
            try write("temporal")
            #expect(try links(await faultline("plan", file, "--format", "json"))["temporal"] == 1)
            let refused = try await faultline("plan", file, "--engine", "embedded")
            #expect(refused.code == 64)
            #expect(refused.error.contains("e strikes the link 'temporal', which the embedded engine does not have"))
            try write("redis")
            #expect(try links(await faultline("plan", file, "--format", "json"))["temporal"] == 0)
            let embedded = try links(await faultline("plan", file, "--format", "json", "--engine", "embedded"))
            #expect(embedded["temporal"] == nil && embedded["redis"] == 1)

            // The same with a file that says nothing of links, and one that names another pipeline.
            let system = "\(folder)/faultline.yaml"
            try Data("bucket: documents\n".utf8).write(to: URL(fileURLWithPath: system))
            let own = try await faultline("plan", file, "--system", system)
            #expect(own.output.contains("the reference worker, on Temporal"), "\(own)")
            try Data(
                """
                links: { redis: { protocol: redis, upstream: native } }
                stores: { s3: native }
                footprints: { redis: { document: { key: "a:{document}", type: hash } } }
                pipeline: { command: [/bin/true] }
                workers: [{ name: helper, command: [./helper, "{lane}"], count: 2 }]
                """.utf8
            ).write(to: URL(fileURLWithPath: system))
            let workers = try await faultline("plan", file, "--system", system)
            #expect(workers.output.contains("helper: ./helper {lane} (2 processes)"), "\(workers)")
        }
    }

    @Test func doctorTellsABadFileFromABadSystem() async throws {
        try await folder { folder in
            let file = "\(folder)/faultline.yaml"
            try Data("lnks: {}".utf8).write(to: URL(fileURLWithPath: file))
            let bad = try await faultline("doctor", "--system", file)
            #expect(bad.code == 64)
            #expect(bad.error.contains("did you mean 'links'"))
            try Data(
                """
                links: { a: { protocol: tcp, upstream: "127.0.0.1:1" } }
                stores: { redis: "redis://127.0.0.1:1", s3: "http://127.0.0.1:1" }
                footprints: { redis: { document: { key: "a:{document}", type: hash } } }
                pipeline: { command: [/bin/true] }
                """.utf8
            ).write(to: URL(fileURLWithPath: file))
            let failed = try await faultline("doctor", "--system", file, "--format", "json")
            #expect(failed.code == 1)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(failed.output.utf8)) as? [String: Any])
            #expect(object["failed"] as? Int == 3)
            let checks = try #require(object["checks"] as? [[String: Any]])
            #expect(checks.contains { $0["name"] as? String == "pipeline" && $0["state"] as? String == "ok" })
        }
    }
}

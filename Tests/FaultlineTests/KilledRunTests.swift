import Foundation
import Glibc
import Stack
import Testing

/// What becomes of processes when faultline itself is killed: nobody is left to heal them but the guard.
@Suite(.serialized) struct KilledRunTests {
    /// Of `/proc/PID/stat`; nil when the process is gone.
    private func state(_ id: Int32) -> Character? {
        let text = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
        return text.lastIndex(of: ")").flatMap { text[$0...].dropFirst(2).first }
    }

    private func eventually(_ what: String, _ condition: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try !condition() {
            guard ContinuousClock.now < deadline else {
                Issue.record("never came to it: \(what)")
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func inFolder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "faultline-killed-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        try await body(folder)
    }

    private static let experiment = """
        name: e
        title: E
        workload: { documents: 2, size: 416B..1KiB, formats: [txt] }
        """

    @Test func aPausedServiceGoesOn() async throws {
        let stack = try NativeStack.current()
        let redis = try #require(try stack.state()["redis"]?.process)
        let faults = """

            faults:
              - process: redis
                at: { on: redis, operation: EXEC }
                inject: pause
            """
        try await inFolder(["e.yaml": Self.experiment + faults]) { folder in
            let run = try ChildProcess([
                Program.path, "run", folder + "/e.yaml", "--engine", "embedded", "--out", folder + "/runs",
            ])
            defer { kill(redis.id, SIGCONT) }
            try await eventually("redis stands still") { state(redis.id) == "T" }
            #expect(run.stop(SIGKILL) == -SIGKILL)
            try await eventually("redis goes on") { state(redis.id) != "T" }
        }
    }

    @Test func aManagedWorkerEndsWithAllThatCameOfIt() async throws {
        let system = """
            links: { redis: { protocol: redis, upstream: native } }
            stores: { s3: native }
            pipeline: { command: ["true"] }
            footprints: { redis: { document: { key: "x:{document}", type: string } } }
            workers:
              - name: writer
                command: [sh, -c, "(trap '' TERM; exec setsid sleep 1001) & echo $$ $! > pids; wait"]
                ready: { line: never, within: 5m }
            """
        try await inFolder(["e.yaml": Self.experiment, "faultline.yaml": system]) { folder in
            let run = try ChildProcess([
                Program.path, "run", folder + "/e.yaml", "--system", folder + "/faultline.yaml", "--out",
                folder + "/runs",
            ])
            var ids: [Int32] = []
            try await eventually("the worker has begun") {
                let text = (try? String(contentsOfFile: folder + "/pids", encoding: .utf8)) ?? ""
                ids = text.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
                return ids.count == 2
            }
            #expect(run.stop(SIGKILL) == -SIGKILL)
            try await eventually("all are gone") { ids.allSatisfy { [nil, "Z"].contains(state($0)) } }
        }
    }
}

import Consistency
import Experiments
import Foundation
import Glibc
import Proxy
import Stores
import Testing
import Wire

/// Real processes.
struct CommandPipelineTests {
    private func pipeline(_ script: String, _ folder: ScratchFolder, timeout: Duration = .seconds(60))
        -> CommandPipeline
    {
        let links = [LinkConfiguration(name: "redis", linkProtocol: .tcp, service: .redis, upstream: "127.0.0.1:1")]
        let words = ["/bin/sh", "-c", script, "{submission}", "{document}", "{bucket}/{key}", "{kind}", "a{document}b"]
        let system = System(
            links: links, stores: StoreAddresses(),
            footprints: .init(postgres: .init(), neo4j: .init(), qdrant: .init(), redis: .init()))
        return CommandPipeline(
            command: CommandSpec(
                words: words, environment: ["CACHE": "cache={link.redis.port}"], folder: folder.path, timeout: timeout),
            system: system, addresses: ["redis": ["127.0.0.1:7001", "127.0.0.1:7002"]],
            temporaryFolder: folder.path + "/temporary")
    }

    private let task = PipelineTask(submission: "s-1", kind: .reingest, document: "d 1", key: "k/$(x)", bucket: "b")

    @Test func aCommandGetsItsWordsItsFolderAndTheLinksOfItsLane() async throws {
        let folder = try ScratchFolder()
        let script =
            #"printf '%s\n' "$0" "$@" "$CACHE" "$REDIS_PORT" "$FAULTLINE_LINK_REDIS" "$PWD" "$TMPDIR" >&2; exit 75"#
        let pipeline = pipeline(script + "\n", folder)
        let answer = await pipeline.submit(task, lane: 1)
        #expect(answer.result == .rolledBack)
        #expect(
            answer.reason
                == "the command ended with exit code 75: 127.0.0.1:7002; \(folder.path); \(folder.path)/temporary")
        let words = try await output(#"printf '%s|' "$0" "$@" "$CACHE" "$REDIS_PORT""#, folder)
        #expect(words == "s-1|d 1|b/k/$(x)|re-ingest|ad 1b|cache=7001|7001|")
    }

    private func output(_ script: String, _ folder: ScratchFolder) async throws -> String {
        let answer = await pipeline("(\(script)) > words", folder).submit(task, lane: 0)
        #expect(answer.result == .succeeded)
        return try String(contentsOfFile: folder.path + "/words", encoding: .utf8)
    }

    @Test func moreOutputThanAPipeHoldsDoesNotStopIt() async throws {
        let folder = try ScratchFolder()
        let script = #"head -c 3000000 /dev/zero | tr '\0' x; echo; echo '{"status": "succeeded", "id": "u1"}'; exit 1"#
        let answer = await pipeline(script, folder).submit(task, lane: 0)
        #expect(answer == PipelineAnswer(.succeeded, storedID: "u1"))
    }

    @Test(.timeLimit(.minutes(1))) func outOfTimeEndsTheWholeSessionEvenAgainstItsWill() async throws {
        let folder = try ScratchFolder()
        let script =
            "trap '' TERM; (trap '' TERM; echo $$ > leader; exec sleep 1000) & echo $! > child; wait; sleep 1000"
        let answer = await pipeline(script, folder, timeout: .milliseconds(500)).submit(task, lane: 0)
        #expect(answer.result == .unknown)
        #expect(answer.reason?.contains("took longer than") == true)
        for name in ["leader", "child"] {
            let text = try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
            let id = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            // A killed process takes a moment to be gone; one that lives on keeps the test from ending.
            while kill(id, 0) == 0, !Self.isZombie(id) { await Task.yield() }
        }
    }

    private static func isZombie(_ id: Int32) -> Bool {
        (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8))?.contains(") Z ") == true
    }

    @Test(arguments: [true, false])
    func aStoppedOrCancelledCommandIsUnknown(cancels: Bool) async throws {
        let folder = try ScratchFolder()
        let pipeline = pipeline("echo > ready; exec sleep 1000", folder)
        let task = task
        let running = Task { await pipeline.submit(task, lane: 0) }
        while !FileManager.default.fileExists(atPath: folder.path + "/ready") { await Task.yield() }
        #expect(await pipeline.unfinished() == 1)
        if cancels { running.cancel() } else { await pipeline.stop() }
        let answer = await running.value
        #expect(answer.result == .unknown)
        #expect(answer.reason == "the command was stopped by the runner")
        #expect(await pipeline.unfinished() == 0)
    }

    @Test func aCommandThatIsNotThereIsUnknownAndSaysSo() async throws {
        let folder = try ScratchFolder()
        let system = System(
            links: [], stores: StoreAddresses(),
            footprints: .init(postgres: .init(), neo4j: .init(), qdrant: .init(), redis: .init()))
        let pipeline = CommandPipeline(
            command: CommandSpec(words: ["./none"], folder: folder.path), system: system, addresses: [:],
            temporaryFolder: folder.path)
        let answer = await pipeline.submit(task, lane: 0)
        #expect(answer.result == .unknown)
        #expect(
            answer.reason?.hasPrefix("the command './none' could not be started: there is no file ") == true,
            "\(answer.reason ?? "")")
        #expect(answer.reason?.hasSuffix("; paths in 'command' start from the folder of the system file") == true)
    }
}

/// A folder that goes with its last owner.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("faultline-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

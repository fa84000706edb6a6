import Experiments
import Foundation
import Glibc
import Proxy
import Stack
import Testing
import Wire

/// `faultline run --attach`, as a user does it.
@Suite(.serialized) struct AttachCommandTests {
    private static let silence = """
        name: e
        title: E
        workload: { documents: 2, concurrency: 2, size: 416B..1KiB, formats: [txt] }
        faults: [{ name: silence, on: openai, inject: blackhole }]
        """

    /// A proxy with the links of the native stack.
    ///
    /// - Parameter left: a link that is left out.
    private func withProxy(
        without left: String? = nil,
        _ body: (_ proxy: ChildProcess, _ api: String, _ folder: String) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "faultline-attach-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let links = try ReferenceLinks.configurations(to: NativeStack.current().endpoints).filter { $0.name != left }
        let lines = links.map {
            "  \($0.name): { protocol: \($0.linkProtocol.rawValue), upstream: \"\($0.upstream)\", lanes: 2 }"
        }
        try write((["links:"] + lines).joined(separator: "\n"), to: folder + "/proxy.yaml")
        try write(Self.silence, to: folder + "/e.yaml")
        let proxy = try ChildProcess([
            Program.path, "proxy", "--config", folder + "/proxy.yaml", "--api", "127.0.0.1:0",
        ])
        let line = try proxy.nextLine(with: "api  http://")
        try await body(proxy, String(line.dropFirst("api  http://".count)), folder)
        proxy.stop()
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private func arguments(_ folder: String, _ api: String) -> [String] {
        ["run", folder + "/e.yaml", "--engine", "embedded", "--attach", api, "--quiet", "--out", folder + "/runs"]
    }

    /// Waits for what a command prints, at most a minute.
    private func eventually(_ text: Regex<Substring>, _ arguments: [String]) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        var answer = try await Program.run(arguments)
        while answer.output.firstMatch(of: text) == nil {
            try #require(ContinuousClock.now < deadline, "\(answer.output)\(answer.error)")
            answer = try await Program.run(arguments)
        }
    }

    @Test func nobodyThereIsABadArgument() async throws {
        let answer = try await Program.run(["run", "faults/s3/slow-down.yaml", "--attach", "127.0.0.1:1"])
        #expect(answer.code == 64)
        #expect(answer.error.contains("start 'faultline proxy', or name another address with --attach"))
    }

    @Test func aLinkThatIsMissingIsABadArgument() async throws {
        try await withProxy(without: "redis") { _, api, folder in
            let answer = try await Program.run(arguments(folder, api))
            #expect(answer.code == 64)
            #expect(answer.error.contains("link 'redis': the proxy at \(api) has no link of this name"))
        }
    }

    @Test func aRunThatIsKilledHasItsFaultsHealed() async throws {
        try await withProxy { _, api, folder in
            let run = try ChildProcess([Program.path] + arguments(folder, api))
            let faults = ["links", "--api", api]
            try await eventually(/silence: blackhole +[1-9]/, faults)
            let second = try await Program.run(arguments(folder, api))
            #expect(second.code == 64)
            #expect(second.error.contains("is attached to the link"), "\(second.error)")
            #expect(run.stop(SIGKILL) == -SIGKILL)
            try await eventually(/no faults/, faults)
        }
    }

    @Test func aProxyThatIsKilledMakesTheRunInconclusive() async throws {
        try await withProxy { proxy, api, folder in
            let run = try ChildProcess([Program.path] + arguments(folder, api))
            try await eventually(/silence: blackhole +[1-9]/, ["links", "--api", api])
            proxy.stop(SIGKILL)
            #expect(try run.nextLine(with: "INCONCLUSIVE").contains("the run has lost the proxy at \(api)"))
            #expect(try run.nextLine(with: "replay").contains("--attach \(api)"))
            #expect(run.end() == 2)
        }
    }

    @Test func anInterruptedRunGivesTheLinksBack() async throws {
        try await withProxy { _, api, folder in
            let run = try ChildProcess([Program.path] + arguments(folder, api))
            try await eventually(/silence: blackhole +[1-9]/, ["links", "--api", api])
            run.signal(SIGINT)
            #expect(run.end() == 130)
            let links = try await Program.run(["links", "--api", api])
            #expect(links.output.contains("no faults"))
        }
    }
}

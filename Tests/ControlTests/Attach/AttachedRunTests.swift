import Consistency
import Control
import Experiments
import Faults
import Foundation
import Ingestion
import Proxy
import Stack
import Synchronization
import Testing
import Wire

/// Whole runs on a standing proxy, against the native stack.
@Suite(.serialized) struct AttachedRunTests {
    private static let missingHeader = """
        faults:
          - on: s3
            when: { operation: GetObject, direction: response }
            inject: { remove-header: { name: Content-Type } }
        expect:
          - documents: { succeed: all }
          - retries: { on: s3, at-most: 0 }
        """
    private static let silence = "faults: [{ on: openai, inject: blackhole }]"

    private func experiment(_ rest: String, documents: Int = 6, concurrency: Int = 3) throws -> Experiment {
        let path = NSTemporaryDirectory() + "faultline-attach-\(UUID().uuidString).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = """
            name: e
            title: E
            workload: { documents: \(documents), concurrency: \(concurrency), size: 416B..2KiB, formats: [txt, pdf] }

            """
        try Data((text + rest).utf8).write(to: URL(fileURLWithPath: path))
        return try Experiment.read(path)
    }

    private func system() throws -> System { try .reference(endpoints: try NativeStack.current().endpoints) }

    private func withProxy<Value>(
        lanes: Int = 3, _ body: (RestartableProxy) async throws -> Value
    ) async throws -> Value {
        let links = try system().links.map { link in
            var link = link
            link.lanes = lanes
            return link
        }
        return try await RestartableProxy.with(links, body)
    }

    /// - Parameter proxy: nil: on links of its own.
    private func run(
        _ experiment: Experiment, on proxy: RestartableProxy?, defects: Set<Defect> = [],
        entering: @escaping @Sendable (RunPhase) async throws -> Void = { _ in },
        reading: (String) throws -> Void = { _ in }
    ) async throws -> RunResult {
        let path = NSTemporaryDirectory() + "faultline-attach-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var runner = Runner(system: try system(), seed: 7, historyPath: path)
        runner.defects = defects
        runner.entering = entering
        if let proxy {
            runner.proxy = AttachedProxy(address: proxy.address) { try proxy.attached($0, historyPath: $1) }
        }
        let result = try await runner.run(experiment)
        try reading(path)
        return result
    }

    @Test func theCorrectWorkerHoldsAndNothingIsLeft() async throws {
        try await withProxy { proxy in
            var counted = 0
            let result = try await run(
                experiment(Self.missingHeader), on: proxy,
                reading: { path in try WireHistory.forEach(in: path) { _ in counted += 1 } })
            #expect(result.verdict == .held, "\(result.ruling.reasons)")
            #expect(result.strikes.map(\.struck) == [6])
            #expect(result.world.links.allSatisfy { $0.messages > 0 })
            #expect(result.notes == [])
            #expect(result.events == counted && result.dropped == 0)
            #expect(result.proxy == proxy.address)
            let set = try await proxy.live.now.set
            #expect(set.attachments.isEmpty && set.faults.isEmpty && set.leases.isEmpty)
        }
    }

    @Test func aDefectIsFoundOutAsItIsOnLinksOfOnesOwn() async throws {
        let experiment = try experiment(Self.missingHeader)
        let own = try await run(experiment, on: nil, defects: [.noExtensionFallback])
        let attached = try await withProxy { try await run(experiment, on: $0, defects: [.noExtensionFallback]) }
        #expect(own.verdict == .violated && attached.verdict == .violated)
        #expect(attached.lost.map(\.name).sorted() == own.lost.map(\.name).sorted())
        #expect(attached.lost.map(\.struckBy) == own.lost.map(\.struckBy))
        #expect(attached.strikes == own.strikes)
        #expect(attached.claims.map(\.claim) == own.claims.map(\.claim))
        #expect(attached.traffic.requests["s3"] == own.traffic.requests["s3"])
    }

    @Test func fewerLanesThanDocumentsAtATimeAreTold() async throws {
        let result = try await withProxy(lanes: 1) { try await run(experiment(Self.missingHeader), on: $0) }
        #expect(result.verdict == .held, "\(result.ruling.reasons)")
        #expect(result.notes.count == 1 && result.notes[0].contains("'lanes: 3'"), "\(result.notes)")
    }

    @Test(arguments: [true, false]) func aProxyThatDiesInMidRunProvesNothing(isStartedAnew: Bool) async throws {
        try await withProxy { proxy in
            let watching = Mutex<Task<Void, any Error>?>(nil)
            let result = try await run(
                experiment(Self.silence), on: proxy,
                entering: { phase in
                    guard phase == .workload else { return }
                    let task = Task {
                        try await proxy.eventually("a fault has struck") {
                            try await proxy.live.progress().values.contains { $0.struck > 0 }
                        }
                        if isStartedAnew { try await proxy.restart() } else { await proxy.kill() }
                    }
                    watching.withLock { $0 = task }
                })
            try await watching.withLock { $0 }?.value
            #expect(result.verdict == .inconclusive)
            #expect(result.ruling.reasons.count == 1)
            #expect(
                result.ruling.reasons[0].hasPrefix("the run has lost the proxy at \(proxy.address)"),
                "\(result.ruling.reasons)")
        }
    }

    @Test func aFaultOfSomebodyElsesProvesNothing() async throws {
        try await withProxy { proxy in
            let result = try await run(
                experiment(Self.missingHeader), on: proxy, defects: [.noExtensionFallback],
                entering: { phase in
                    guard phase == .workload else { return }
                    _ = try await proxy.live.add(.test("latency", ["delay": "1us"], on: "redis", name: "mine"))
                })
            #expect(result.verdict == .inconclusive)
            #expect(
                result.ruling.reasons.first == "somebody has injected a fault on the link 'redis': 1 (mine)",
                "\(result.ruling.reasons)")
        }
    }

    @Test func linksThatAreNotQuietOrNotThereProveNothing() async throws {
        try await withProxy { proxy in
            let live = try proxy.live
            let fault = try await live.add(.test("latency", ["delay": "1us"], on: "redis", name: "mine"))
            let busy = try await run(experiment(Self.missingHeader), on: proxy)
            #expect(busy.verdict == .inconclusive)
            #expect(busy.ruling.reasons.first?.contains("somebody's fault is in force on the link 'redis'") == true)
            try await live.removeFaults { $0.number == fault.number }
            try await live.remove("redis")
            let missing = try await run(experiment(Self.missingHeader), on: proxy)
            #expect(missing.ruling.reasons.first?.contains("link 'redis'") == true, "\(missing.ruling.reasons)")
        }
    }

    @Test func aCancelledRunGivesTheLinksBack() async throws {
        try await withProxy { proxy in
            let experiment = try experiment(Self.silence)
            let running = Task { try await run(experiment, on: proxy) }
            try await proxy.eventually("a fault has struck") {
                try await proxy.live.progress().values.contains { $0.struck > 0 }
            }
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            let set = try await proxy.live.now.set
            #expect(set.attachments.isEmpty && set.faults.isEmpty)
        }
    }

    @Test func aProcessIsNotStruckAtAMessage() async throws {
        let text = "faults: [{ process: redis, at: { on: redis, operation: EXEC }, inject: pause }]"
        let result = try await withProxy { try await run(experiment(text), on: $0) }
        #expect(result.verdict == .inconclusive)
        #expect(result.ruling.reasons.first?.contains("without --attach") == true, "\(result.ruling.reasons)")
    }
}

import Consistency
import Experiments
import Foundation
import Stack
import Stores
import Temporal
import Testing

/// On the native stack's Temporal server, with a worker on its SDK for Python.
struct TemporalPipelineTests {
    private let endpoints: Endpoints
    private let worker: PythonWorker

    init() throws {
        endpoints = try NativeStack.current().endpoints
        worker = try PythonWorker(endpoints)
    }

    private func pipeline(_ queue: String, _ options: String = "") throws -> TemporalPipeline {
        let lines = options.split(separator: "\n").map { "    \($0)\n" }.joined()
        let file = try SystemFile.parse(
            """
            stores: { s3: "http://127.0.0.1:2", redis: "redis://127.0.0.1:3/0" }
            footprints: { redis: { document: { key: "{document}", type: string } } }
            links: {}
            pipeline:
              temporal:
                task-queue: "\(queue)"
                result: { succeeded: { status: success }, rolled-back: { status: failed }, id: uuid, reason: error }
            \(lines)    ingest: { workflow: Ingest, arguments: ["{document}", "{key.folder}", 3, 1.5, true, ~, "{run}"] }
                delete: { workflow: Missing, timeout: 60s }
            """)
        #expect(file.usesNativeStack || options.contains("address:"))
        guard case .temporal(let spec) = try file.system(stack: endpoints).pipeline else {
            throw RunError(what: "no temporal pipeline", mend: "")
        }
        return try TemporalPipeline(spec: spec)
    }

    private func task(_ name: String, _ kind: Submission.Kind = .ingest) -> PipelineTask {
        let run = "run-\(UUID().uuidString.lowercased())"
        return PipelineTask(
            submission: "\(run)/1", kind: kind, document: "run/\(name)", key: "run/r-1/\(name)", bucket: "b", run: run)
    }

    @Test func aWorkflowIsStartedAndItsResultIsRead() async throws {
        let pipeline = try pipeline(worker.queue)
        let good = task("good")
        let answer = await pipeline.submit(good, lane: 0)
        #expect(answer.result == .succeeded)
        #expect(answer.storedID == "u-1")
        let workflow = try #require(answer.workflow)
        #expect(workflow.id == good.submission)
        let ui = try #require(endpoints.temporalUI)
        let id = good.submission.replacing("/", with: "%2F")
        #expect(workflow.page == "\(ui)/namespaces/default/workflows/\(id)/\(workflow.run)/history")
        #expect(await pipeline.unfinished() == 0)

        let failed = await pipeline.submit(task("bad"), lane: 0)
        #expect(failed.result == .rolledBack)
        #expect(failed.storedID == "u-2")
        #expect(failed.reason == "ROLLED_BACK: no room")
        #expect(failed.steps.map(\.name) == ["Ingest"])

        // A result that the rule does not know is shown, and with it what the workflow got.
        let task = task("odd")
        let odd = await pipeline.submit(task, lane: 0)
        #expect(odd.result == .unknown)
        #expect(
            odd.reason
                == #"the result is none that 'result' knows: {"saw":["run/odd","run/r-1",3,1.5,true,null,"\#(task.run)"],"status":"paused"}"#
        )
    }

    @Test(arguments: [("", Submission.Result.unknown), ("closes: { rolled-back: [failed] }", .rolledBack)])
    func aWorkflowThatFailsIsWhatTheFileSays(options: String, result: Submission.Result) async throws {
        let answer = try await pipeline(worker.queue, options).submit(task("raises"), lane: 0)
        #expect(answer.result == result)
        #expect(answer.reason == "activity write: NoRoom: the disk is full")
        #expect(answer.steps.first?.name == "write")
        #expect(answer.steps.first?.code == "NoRoom")
    }

    @Test(.timeLimit(.minutes(2)), arguments: ["timeout", "cancel", "stop"])
    func aWorkflowThatIsGivenUpIsCancelledAndSeenToItsEnd(how: String) async throws {
        let pipeline = try pipeline(worker.queue, how == "timeout" ? "timeout: 3s" : "")
        let slow = task("slow")
        let running = Task { await pipeline.submit(slow, lane: 0) }
        let client = try TemporalClient(try #require(TemporalAddress(endpoints.temporal ?? "")))
        let run = WorkflowRun(workflow: slow.submission)
        while (try? await client.describe(run).status) != .running, !Task.isCancelled { await Task.yield() }
        switch how {
        case "cancel": running.cancel()
        case "stop": await pipeline.stop()
        default: break
        }
        let answer = await running.value
        #expect(answer.result == .unknown)
        let what =
            how == "timeout" ? "did not end within 3.0 seconds" : "was stopped by the runner"
        #expect(answer.reason == "the workflow \(what), and was then cancelled")
        #expect(answer.workflow != nil)
        #expect(try await client.describe(run).status == .cancelled)
        #expect(await pipeline.unfinished() == 0)
    }

    @Test(.timeLimit(.minutes(2))) func anIdThatIsAtWorkIsWaitedFor() async throws {
        let pipeline = try pipeline(worker.queue, #"id: "ingest-\#(UUID())-{document}""#)
        let tasks = [task("takes-a-while"), task("takes-a-while")]
        let answers = await withTaskGroup(of: PipelineAnswer.self) { group in
            for task in tasks { group.addTask { await pipeline.submit(task, lane: 0) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.map(\.result) == [.succeeded, .succeeded])
        #expect(Set(answers.compactMap { $0.workflow?.id }).count == 1)
        #expect(Set(answers.map(\.storedID)).count == 2)
    }

    @Test(.timeLimit(.minutes(1))) func aQueueThatNobodyPollsIsSaid() async throws {
        let answer = try await pipeline("nobody-is-here").submit(task("good"), lane: 0)
        #expect(answer.result == .unknown)
        #expect(
            answer.reason
                == "no worker polls the task queue 'nobody-is-here' in the namespace 'default' at \(endpoints.temporal ?? ""); start a worker that does, or see whether 'task-queue' is right"
        )
    }

    @Test(.timeLimit(.minutes(1))) func aWorkflowThatNoWorkerKnowsIsSaid() async throws {
        let missing = task("x", .delete)
        let answer = try await pipeline(worker.queue).submit(missing, lane: 0)
        #expect(answer.result == .unknown)
        let reason = try #require(answer.reason)
        #expect(reason.hasPrefix("the workers of the task queue '\(worker.queue)' cannot run the workflow: "))
        #expect(reason.contains("Missing"))
        #expect(reason.hasSuffix(", and was then terminated"))
    }

    @Test(.timeLimit(.minutes(1))) func aNamespaceThatIsNotThereIsSaid() async throws {
        let answer = try await pipeline("q", "namespace: nowhere").submit(task("good"), lane: 0)
        #expect(answer.result == .unknown)
        let address = endpoints.temporal ?? ""
        let reason = try #require(answer.reason)
        #expect(
            reason.hasPrefix("there is no namespace 'nowhere' at \(address); namespaces there: default"), "\(reason)")
        #expect(reason.hasSuffix("; write which is meant as 'namespace' in 'pipeline'"), "\(reason)")
    }

    @Test func filesForTLSThatAreNoneAreSaid() throws {
        let error = #expect(throws: RunError.self) {
            try pipeline("q", #"address: "localhost:1""# + "\ntls: { ca: \(#filePath) }")
        }
        #expect(error?.what.hasPrefix("nobody can speak to Temporal as 'tls' in 'pipeline' says: ") == true)
    }

    @Test(.timeLimit(.minutes(1))) func aServerThatIsNotThereIsSaid() async throws {
        let answer = try await pipeline("q", #"address: "127.0.0.1:1""#).submit(task("good"), lane: 0)
        #expect(answer.result == .unknown)
        #expect(
            answer.reason
                == "no Temporal server answers at 127.0.0.1:1: Could not establish a connection to [ipv4]127.0.0.1:1: Connection refused; start it, or write where it is as 'address' in 'pipeline'"
        )
    }
}

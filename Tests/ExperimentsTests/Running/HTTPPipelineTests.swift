import Consistency
import Experiments
import Proxy
import Stores
import Testing
import Wire

/// A real server.
struct HTTPPipelineTests {
    private let server: JobServer

    init() throws { server = try JobServer() }

    private static let result = """
        result: { succeeded: { state: done }, rolled-back: { state: failed }, id: uuid, reason: why }
        """

    private func pipeline(_ http: String) throws -> HTTPPipeline { try pipeline(at: server.address, http) }

    private func pipeline(at address: String, _ http: String) throws -> HTTPPipeline {
        let lines = (Self.result + "\n" + http).split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        let file = try SystemFile.parse(
            """
            links: { api: { protocol: http, upstream: "127.0.0.1:1" } }
            stores: { s3: "http://127.0.0.1:2", redis: "redis://127.0.0.1:3/0" }
            footprints: { redis: { document: { key: "{document}", type: string } } }
            pipeline:
              http:
            \(lines)
            """)
        let system = try file.system(stack: nil)
        guard case .http(let spec) = system.pipeline else { throw RunError(what: "no http pipeline", mend: "") }
        return HTTPPipeline(spec: spec, system: system, addresses: ["api": ["127.0.0.1:1", address]])
    }

    private static let polled = """
        poll: { url: "http://{link.api}/jobs/{job}", every: 20ms, pending: { state: [queued, running] } }
        timeout: 20s
        ingest:
          submit:
            url: "http://{link.api}/take/{document.folder}/{document.name}"
            headers: { X-Key: "{key.folder}|{key.name}" }
            body: { id: "{submission}", at: ["{bucket}", "{key}"], lane: "{lane}", n: 3, f: 1.5, on: true, none: ~, "s": "4" }
            job: data.jobs.0.id
        delete:
          submit: { method: DELETE, url: "http://{link.api}/{document}", statuses: { done: [200] } }
        """

    private func task(_ name: String, _ kind: Submission.Kind = .ingest) -> PipelineTask {
        PipelineTask(
            submission: "run-1/7", kind: kind, document: "run 1/\(name)", key: "run 1/r/k.txt", bucket: "b",
            run: "run 1")
    }

    @Test func aDocumentIsPostedAndAskedForUntilItIsDone() async throws {
        let answer = try await pipeline(Self.polled).submit(task("good"), lane: 1)
        #expect(answer == PipelineAnswer(.succeeded, storedID: "u-1"))
    }

    @Test func theServiceGetsAllThatTheTemplateSays() async throws {
        // A result that the rule does not know is shown.
        let answer = try await pipeline(Self.polled).submit(task("odd"), lane: 1)
        #expect(answer.result == .unknown)
        let body =
            #"{"at":["b","run 1/r/k.txt"],"f":1.5,"id":"run-1/7","lane":"1","n":3,"none":null,"on":true,"s":"4"}"#
        let said = JSON.array([
            "/take/run%201/odd", "application/json", "run 1/r|k.txt", .string(body),
        ])
        let value = JSON.object(["state": "paused", "uuid": "u-1", "why": "no room", "said": said])
        #expect(
            answer.reason == "the result is none that 'result' knows: " + String(decoding: value.bytes, as: UTF8.self))
    }

    @Test func aFailureThatIsUndoneIsOne() async throws {
        let answer = try await pipeline(Self.polled).submit(task("bad", .reingest), lane: 1)
        #expect(answer.result == .rolledBack)
        #expect(answer.storedID == "u-1")
        #expect(answer.reason == "no room")
        #expect(answer.steps == [PipelineAnswer.Step(name: "poll", service: "worker", reason: "no room")])
    }

    @Test func anAnswerThatTellsNothingIsAskedForAgain() async throws {
        let answer = try await pipeline(Self.polled).submit(task("flaky"), lane: 1)
        #expect(answer.result == .succeeded)
    }

    @Test func aDeletionHasACourseOfItsOwn() async throws {
        let answer = try await pipeline(Self.polled).submit(task("x", .delete), lane: 1)
        #expect(answer == PipelineAnswer(.succeeded, storedID: "/run 1/x"))
    }

    private func direct(_ path: String) -> String {
        """
        ingest:
          submit: { url: "http://{link.api}/\(path)", statuses: { accepted: [200, 202], rolled-back: [409] } }
        """
    }

    @Test func withoutAPollTheAnswerIsTheResult() async throws {
        #expect(
            try await pipeline(direct("sync")).submit(task("x"), lane: 1)
                == PipelineAnswer(.succeeded, storedID: "u-sync"))
        let refused = try await pipeline(direct("refused")).submit(task("x"), lane: 1)
        #expect(refused.result == .rolledBack)
        #expect(
            refused.reason
                == #"POST http://\#(server.address)/refused was answered by 409: {"error": "is locked"}"#)
        let broken = try await pipeline(direct("broken")).submit(task("x"), lane: 1)
        #expect(broken.result == .unknown)
        #expect(broken.steps.first?.code == "500")
        let text = try await pipeline(direct("text")).submit(task("x"), lane: 1)
        #expect(text.result == .unknown)
        #expect(text.reason?.hasPrefix("the answer is no JSON: POST") == true)
    }

    @Test func whereNobodyListensNothingIsSubmitted() async throws {
        let answer = try await pipeline(at: "127.0.0.1:1", direct("sync")).submit(task("x"), lane: 1)
        #expect(answer.result == .rolledBack)
        #expect(answer.steps.first?.code == StoreError.Code.connect)
        let reason = try #require(answer.reason)
        #expect(reason.hasPrefix("POST http://127.0.0.1:1/sync: "), "\(reason)")
        #expect(reason.hasSuffix("; start the service, or see whether 'url' is right"), "\(reason)")
    }

    /// What is given up is seen to its end, so that nobody judges stores that are still written to.
    @Test(.timeLimit(.minutes(1))) func outOfTimeIsUnknownAndUnfinishedUntilTheServiceIsDone() async throws {
        let pipeline = try pipeline(Self.polled.replacing("timeout: 20s", with: "timeout: 100ms"))
        let answer = await pipeline.submit(task("held"), lane: 1)
        #expect(answer.result == .unknown)
        #expect(answer.reason?.hasPrefix("no result within 0.1 seconds; the last answer: {") == true)
        #expect(await pipeline.unfinished() == 1)
        let release = HTTPRequest(
            service: "test", operation: "release", method: "GET", url: "http://\(server.address)/release")
        _ = try await HTTPClient().send(release)
        while await pipeline.unfinished() > 0, !Task.isCancelled { await Task.yield() }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [true, false])
    func aStoppedOrCancelledSubmissionIsUnknown(cancels: Bool) async throws {
        let pipeline = try pipeline(Self.polled)
        let task = task("slow")
        let running = Task { await pipeline.submit(task, lane: 1) }
        while await pipeline.unfinished() == 0, !Task.isCancelled { await Task.yield() }
        if cancels { running.cancel() } else { await pipeline.stop() }
        let answer = await running.value
        #expect(answer.result == .unknown)
        #expect(answer.reason == "the submission was stopped by the runner")
    }
}

import Consistency
import Foundation
import Stores
import Synchronization
import Temporal

/// Starts a workflow on Temporal for each submission, and reads its result from what the workflow returns.
///
/// A submission that is out of time, stopped or cancelled cancels its workflow, and waits a while for it to undo its work.
package final class TemporalPipeline: Pipeline {
    private struct State {
        /// Workflows that may still be at work, by their submissions.
        var open: [String: WorkflowRun] = [:]
        /// Submissions among them that have an answer.
        var abandoned: Set<String> = []
        /// Task queues that have brought a workflow to its end.
        var proved: Set<String> = []
        /// When the abandoned are asked about again.
        var next = ContinuousClock.now
    }

    private let spec: TemporalSpec
    private let client: TemporalClient
    private let stopping = StopSignal()
    private let state = Mutex(State())

    /// How long a cancelled workflow may take to undo its work.
    private static let grace = Duration.seconds(30)
    private static let askEvery = Duration.milliseconds(500)

    package init(spec: TemporalSpec) throws {
        self.spec = spec
        guard let server = spec.server else {
            throw RunError(what: "Temporal's address '\(spec.address)' is no HOST:PORT", mend: "write it in 'address'")
        }
        do {
            client = try TemporalClient(server)
        } catch {
            throw RunError(
                what: "nobody can speak to Temporal as 'tls' in 'pipeline' says: \(error.message)",
                mend: "see whether its files are certificates and keys in PEM")
        }
    }

    package func submit(_ task: PipelineTask, lane: Int) async -> PipelineAnswer {
        guard let course = spec.courses[task.kind] else {
            return .failed(.unknown, "start", "the pipeline has no '\(task.kind.rawValue)'")
        }
        let start = course.start(of: task, lane: lane)
        let watch = WorkflowWatch(client: client, spec: spec, queue: start.taskQueue)
        let isProved = state.withLock { $0.proved.contains(start.taskQueue) }
        if !isProved, let doubt = await watch.doubtOfQueue() { return .failed(.unknown, "start", doubt) }

        let ending = await race(course.timeout) { [self] in
            do throws(TemporalError) {
                let run = try await begin(start, for: task.submission)
                return .outcome(run, try await outcome(of: run))
            } catch {
                return .failure(error)
            }
        } doubting: { [self] in
            isProved ? nil : await watch.doubt { state.withLock { $0.open[task.submission] } }
        }
        let run = state.withLock { $0.open[task.submission] }
        var answer: PipelineAnswer
        switch ending {
        case .outcome(let run, let outcome):
            answer = course.answer(outcome)
            state.withLock { state in
                state.proved.insert(start.taskQueue)
                state.open[task.submission] = nil
            }
            answer.workflow = trace(run)
            return await withStoredID(answer, run, course)
        case .failure(let error):
            // What the server refused was never begun.
            let result: Submission.Result = run == nil && !error.isIndefinite ? .rolledBack : .unknown
            answer = .failed(result, "start", await watch.words(error), code: error.code.rawValue)
        case .doubt(let words):
            answer = .failed(.unknown, "start", words)
        case .outOfTime:
            answer = .failed(.unknown, course.workflow, "the workflow did not end within \(course.timeout)")
        case .stopped:
            answer = .failed(.unknown, course.workflow, "the workflow was stopped by the runner")
        }
        guard let run else { return answer }
        answer.workflow = trace(run)
        // One that no worker can run cannot undo anything either.
        let end = if case .doubt = ending { await shielded { await self.terminate(run) } } else { await cancel(run) }
        if let end {
            state.withLock { $0.open[task.submission] = nil }
            answer.reason = "\(answer.reason ?? ""), and was then \(end)"
        } else {
            _ = state.withLock { $0.abandoned.insert(task.submission) }
            answer.reason = "\(answer.reason ?? ""), and goes on although it was cancelled"
        }
        answer.steps = answer.steps.map { step in
            var step = step
            step.reason = answer.reason ?? step.reason
            return step
        }
        return await withStoredID(answer, run, course)
    }

    /// A workflow that returned nothing may still tell the id, so that what it left is found.
    private func withStoredID(
        _ answer: PipelineAnswer, _ run: WorkflowRun, _ course: TemporalSpec.Course
    ) async -> PipelineAnswer {
        guard answer.storedID == nil, let path = course.result.id, let query = course.idQuery else { return answer }
        let payloads = await shielded { [client] in try? await client.query(run, query) }
        var answer = answer
        answer.storedID = payloads?.first?.json.flatMap { JSON($0) }.flatMap { path.text(in: $0) }
        return answer
    }

    /// Workflows that were given up and go on are asked about again now and then.
    package func unfinished() async -> Int {
        let due: [String: WorkflowRun] = state.withLock { state in
            guard state.next <= .now else { return [:] }
            state.next = .now + Self.askEvery
            return state.open.filter { state.abandoned.contains($0.key) }
        }
        for (submission, run) in due {
            guard let status = try? await client.describe(run).status, status.isClosed else { continue }
            state.withLock { state in
                state.open[submission] = nil
                state.abandoned.remove(submission)
            }
        }
        return state.withLock { $0.open.count }
    }

    package func stop() async {
        stopping.send()
        let left = state.withLock { state in state.open.filter { state.abandoned.contains($0.key) }.values.map { $0 } }
        await withDiscardingTaskGroup { group in
            for run in left { group.addTask { _ = await self.terminate(run) } }
        }
    }

    private func trace(_ run: WorkflowRun) -> WorkflowTrace {
        WorkflowTrace(namespace: spec.namespace, id: run.workflow, run: run.run, webUI: spec.webUI)
    }

    // MARK: One workflow

    private enum Ending: Sendable {
        case outcome(WorkflowRun, WorkflowOutcome)
        case failure(TemporalError)
        /// Why it will never end.
        case doubt(String)
        case outOfTime
        case stopped
    }

    /// Whatever comes first.
    private func race(
        _ limit: Duration, _ work: @escaping @Sendable () async -> Ending,
        doubting: @escaping @Sendable () async -> String?
    ) async -> Ending {
        await withTaskGroup(of: Ending?.self) { group in
            group.addTask { await work() }
            group.addTask { await doubting().map { .doubt($0) } }
            group.addTask {
                do { try await Task.sleep(for: limit) } catch { return nil }
                return .outOfTime
            }
            group.addTask { [stopping] in await stopping.wait() ? .stopped : nil }
            while let ending = await group.next() {
                guard !Task.isCancelled else { break }
                guard let ending else { continue }
                group.cancelAll()
                return ending
            }
            group.cancelAll()
            return .stopped
        }
    }

    /// One run of an id at a time: while another is under way it is waited for.
    private func begin(_ start: WorkflowStart, for submission: String) async throws(TemporalError) -> WorkflowRun {
        while true {
            do throws(TemporalError) {
                let run = try await client.start(start)
                state.withLock { $0.open[submission] = run }
                return run
            } catch {
                guard error.code == .alreadyExists, !Task.isCancelled else { throw error }
            }
            _ = try await outcome(of: WorkflowRun(workflow: start.id))
        }
    }

    /// Goes on asking while the server is away.
    private func outcome(of run: WorkflowRun) async throws(TemporalError) -> WorkflowOutcome {
        while true {
            do throws(TemporalError) {
                return try await client.result(of: run)
            } catch {
                guard error.isTransient, !Task.isCancelled else { throw error }
            }
            do { try await Task.sleep(for: Self.askEvery) } catch {
                throw TemporalError(operation: "result", code: .cancelled, message: "the call was cancelled")
            }
        }
    }

    /// - Returns: how it ended; nil when it goes on.
    private func cancel(_ run: WorkflowRun) async -> String? {
        await shielded { [self] in
            try? await client.cancel(run, reason: "given up by faultline")
            let outcome = await withTaskGroup(of: WorkflowOutcome?.self) { group in
                group.addTask { try? await self.outcome(of: run) }
                group.addTask {
                    try? await Task.sleep(for: Self.grace)
                    return nil
                }
                let first = await group.next() ?? nil
                group.cancelAll()
                return first
            }
            return outcome?.words
        }
    }

    private func terminate(_ run: WorkflowRun) async -> String? {
        try? await client.terminate(run, reason: "given up by faultline")
        return "terminated"
    }

    /// Also done to its end when the present task is cancelled: nothing may be written once the answer is given.
    private func shielded<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        await Task { await work() }.value
    }
}

extension TemporalError {
    /// What was asked may have been done.
    fileprivate var isIndefinite: Bool { isTransient || code == .deadlineExceeded || code == .cancelled }
}

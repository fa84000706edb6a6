import Consistency
import Foundation
import Stores
import Synchronization

/// Submits documents to a service over HTTP, and asks it for their state until they are done.
package final class HTTPPipeline: Pipeline {
    private let spec: HTTPSpec
    private let system: System
    /// By the link's name, one a lane.
    private let addresses: [String: [String]]
    private let client = HTTPClient()
    private let stopping = StopSignal()
    /// Jobs whose submission was given up, or is under way.
    private let open = Mutex<[String: OpenJob]>([:])

    /// A job that the service may still be working on.
    private struct OpenJob {
        var exchange: HTTPExchange
        /// Its submission has an answer, so somebody else must see when it ends.
        var isAbandoned = false
        var next = ContinuousClock.now
    }

    /// - Parameter addresses: where the links listen, by name, one address a lane.
    package init(spec: HTTPSpec, system: System, addresses: [String: [String]]) {
        self.spec = spec
        self.system = system
        self.addresses = addresses
    }

    package func submit(_ task: PipelineTask, lane: Int) async -> PipelineAnswer {
        guard let course = spec.courses[task.kind] else {
            return .failed(.unknown, "submit", "the pipeline has no '\(task.kind.rawValue)'")
        }
        let lanes = LaneVariables(
            links: system.links, stores: system.stores,
            addresses: addresses.compactMapValues { $0.isEmpty ? nil : $0[lane % $0.count] })
        var exchange = HTTPExchange(course: course, client: client) { text in
            lanes.fill(SubmissionWord.fill(text, task, lane: lane))
        }
        let began = await stoppable { [exchange] in await exchange.submit() }
        switch began {
        case nil: return Self.stopped
        case .answer(let answer): return answer
        case .job(let job): exchange.job = job
        }
        open.withLock { $0[task.submission] = OpenJob(exchange: exchange) }
        let answer = await stoppable { [exchange] in await exchange.wait() }
        if case .answer(let answer) = answer {
            open.withLock { $0[task.submission] = nil }
            return answer
        }
        open.withLock { $0[task.submission]?.isAbandoned = true }
        guard case .outOfTime(let last) = answer else { return Self.stopped }
        return .failed(.unknown, "poll", "no result within \(course.timeout); the last answer: \(last)")
    }

    /// Jobs that were given up are asked about again, each as often as its course says.
    package func unfinished() async -> Int {
        let now = ContinuousClock.now
        let due = open.withLock { open in
            open.filter { $0.value.isAbandoned && $0.value.next <= now }
        }
        for (id, job) in due {
            let isOver = await job.exchange.isOver()
            open.withLock { open in
                if isOver { open[id] = nil } else { open[id]?.next = now + (job.exchange.course.poll?.every ?? .zero) }
            }
        }
        return open.withLock { $0.count }
    }

    package func stop() async { stopping.send() }

    private static let stopped = PipelineAnswer.failed(.unknown, "submit", "the submission was stopped by the runner")

    /// - Returns: nil when the pipeline was stopped, or the task cancelled, before there was an answer.
    private func stoppable<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value? {
        await withTaskGroup(of: Value?.self) { group in
            group.addTask { await work() }
            group.addTask { [stopping] in
                _ = await stopping.wait()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return Task.isCancelled ? nil : first
        }
    }
}

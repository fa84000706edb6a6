import Foundation
import Temporal

/// Finds out why a workflow will never end, before its time is up: nobody polls its queue, nobody knows its type.
struct WorkflowWatch: Sendable {
    let client: TemporalClient
    let spec: TemporalSpec
    let queue: String

    /// A worker that was started a moment ago is waited for so long.
    private static let patience = Duration.seconds(5)
    /// Within this a worker that polls has taken a workflow up.
    private static let pickUp = Duration.seconds(10)
    private static let askEvery = Duration.milliseconds(500)

    private var place: String { "in the namespace '\(spec.namespace)' at \(client.address.text)" }

    /// - Returns: why nobody will take up what is put into the queue; nil when somebody polls it.
    func doubtOfQueue() async -> String? {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            do throws(TemporalError) {
                // Once a time: other calls are made again for longer than anybody wants to wait here.
                _ = try await client.serverVersion()
                guard try await client.pollers(of: queue).isEmpty else { return nil }
            } catch {
                guard error.isTransient, ContinuousClock.now < deadline, !Task.isCancelled else {
                    return await words(error)
                }
            }
            guard ContinuousClock.now < deadline, !Task.isCancelled else { return nobody("no worker polls") }
            try? await Task.sleep(for: Self.askEvery)
        }
    }

    /// Watches a workflow as long as the task lives.
    /// - Parameter run: nil before it is started.
    /// - Returns: why it will never end; nil when the task was cancelled.
    func doubt(_ run: @Sendable () -> WorkflowRun?) async -> String? {
        var began: ContinuousClock.Instant?
        var failures = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.askEvery)
            guard let run = run(), let events = try? await client.history(of: run) else { continue }
            let since = began ?? .now
            began = since
            // What failed once may be right the next time; a worker that knows no such workflow fails for ever. The next try is
            // in the history too.
            if case .workflowTaskFailed(let failure)? = events.last(where: { $0.kind != .other })?.kind {
                failures += 1
                if failures >= 4 {
                    return "the workers of the task queue '\(queue)' cannot run the workflow: \(failure)"
                }
            } else {
                failures = 0
            }
            // Started and scheduled: nobody has taken it up.
            if events.count <= 2, ContinuousClock.now - since > Self.pickUp {
                return nobody("no worker took the workflow up within \(Self.pickUp): nobody polls any more")
            }
        }
        return nil
    }

    private func nobody(_ what: String) -> String {
        "\(what) the task queue '\(queue)' \(place); start a worker that does, or see whether 'task-queue' is right"
    }

    /// A failure of the server's, as somebody can mend it.
    func words(_ error: TemporalError) async -> String {
        let server = client.address.text
        switch await client.trouble(behind: error) {
        case .noServer(let reason):
            return
                "no Temporal server answers at \(server): \(reason); start it, or write where it is as 'address' in 'pipeline'"
        case .noNamespace(let known):
            return "there is no namespace '\(spec.namespace)' at \(server)"
                + (known.map { "; namespaces there: \($0.joined(separator: ", "))" } ?? "")
                + "; write which is meant as 'namespace' in 'pipeline'"
        case .notLetIn(let reason):
            return "the Temporal server at \(server) lets nobody in as 'api-key' and 'tls' say: \(reason)"
        case nil:
            return "\(error) \(place)"
        }
    }
}

import NIOCore
import NIOPosix

/// The one thread on which the control APIs are served, requests' sockets and all that is done for them: a request changes threads
/// only to reach the links.
final class ControlThread: TaskExecutor {
    let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop

    init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Does `work` there, with the tasks that it makes, and ends the thread.
    static func run(_ work: @Sendable (ControlThread) async throws -> Void) async throws {
        let thread = ControlThread()
        do {
            try await withTaskExecutorPreference(thread) { try await work(thread) }
        } catch {
            try? await thread.group.shutdownGracefully()
            throw error
        }
        try await thread.group.shutdownGracefully()
    }
}

import Faults
import Stack

/// A process that faults strike: of a managed worker, or of a service of the native stack.
enum StruckProcess: Sendable {
    case worker(ManagedWorker)
    case service(String, NativeServices)

    /// Names it among all others, and for people.
    var label: String {
        switch self {
        case .worker(let worker): worker.label
        case .service(let name, _): name
        }
    }

    /// - Parameter asked: of a restart, called once it has been asked to end; a service has ended by then.
    /// - Returns: false when it was down, or stood still, already.
    func strike(_ action: ProcessAction, keeper: ProcessGuard, asked: @escaping @Sendable () -> Void) async throws
        -> Bool
    {
        switch (self, action) {
        case (.worker(let worker), .kill): return await worker.kill()
        case (.worker(let worker), .pause): return await worker.pause()
        case (.worker(let worker), .restart): return try await worker.restart(asked: asked)
        case (.service(let name, let services), .kill): try await services.kill(name)
        case (.service(let name, let services), .pause):
            try await services.stack.pause(name) { keeper.add(paused: $0) }
        case (.service(let name, let services), .restart): try await services.restart(name, ended: asked)
        }
        return true
    }

    /// Has it run again, and waits until it is ready.
    func heal(_ action: ProcessAction) async throws {
        switch (self, action) {
        case (_, .restart): break
        case (.worker(let worker), .kill): try await worker.start()
        case (.worker(let worker), .pause): await worker.resume()
        case (.service(let name, let services), .kill): try await services.start(name)
        case (.service(let name, let services), .pause): try services.stack.resume(name)
        }
    }
}

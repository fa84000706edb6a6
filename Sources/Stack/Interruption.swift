import Dispatch
import Glibc

/// Turns Ctrl-C and SIGTERM into cancellation, so that what was started is stopped before the program ends.
package enum Interruption {
    /// The signal that cancelled the body.
    package struct Interrupted: Error, Hashable, Sendable {
        package var signal: Int32
        /// As shells report it.
        package var exitCode: Int32 { 128 + signal }
    }

    /// Runs the body; throws `Interrupted` when a signal cancelled it. Further signals while it winds up are ignored.
    package static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let (signals, arrived) = AsyncStream.makeStream(of: Int32.self)
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { arrived.yield(number) }
            source.resume()
            return source
        }
        defer { sources.forEach { $0.cancel() } }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            let caught = CaughtSignal()
            group.addTask {
                for await number in signals {
                    await caught.set(number)
                    break
                }
                return nil
            }
            group.addTask { try await body() }
            do {
                while let next = try await group.next() {
                    if let result = next {
                        group.cancelAll()
                        return result
                    }
                    if await caught.signal != nil { group.cancelAll() }
                }
            } catch {
                group.cancelAll()
                if let number = await caught.signal { throw Interrupted(signal: number) }
                throw error
            }
            throw CancellationError()
        }
    }

    private actor CaughtSignal {
        private(set) var signal: Int32?
        func set(_ number: Int32) { signal = number }
    }
}

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
    ///
    /// - Parameter onHangup: called on SIGHUP, which does not cancel then.
    package static func cancelling<Result: Sendable>(
        onHangup: (@Sendable () -> Void)? = nil, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let (signals, arrived) = AsyncStream.makeStream(of: Int32.self)
        let source = DispatchSource.makeReadSource(fileDescriptor: Self.mailbox.reading, queue: .global())
        source.setEventHandler {
            var number: UInt8 = 0
            if read(Self.mailbox.reading, &number, 1) == 1 { arrived.yield(Int32(number)) }
        }
        source.resume()
        defer { source.cancel() }
        // A handler that writes loses nothing, however early the signal comes.
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Interruption.mailbox.writing, &byte, 1)
            }
        }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            let caught = CaughtSignal()
            group.addTask {
                for await number in signals {
                    if number == SIGHUP, let onHangup {
                        onHangup()
                        continue
                    }
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

    /// Connected sockets, since writing to one is among the few things that a signal handler may do.
    private static let mailbox: (reading: Int32, writing: Int32) = {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        precondition(socketpair(AF_UNIX, kind, 0, &ends) == 0, "no sockets for signals")
        return (ends[0], ends[1])
    }()

    private actor CaughtSignal {
        private(set) var signal: Int32?
        func set(_ number: Int32) { signal = number }
    }
}

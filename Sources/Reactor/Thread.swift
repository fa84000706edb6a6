import CReactor
import Glibc

/// Threads of our own, for what must not run on Swift's pool.
package enum Thread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a new detached thread.
    ///
    /// - Parameter name: at most 15 bytes, as the system shows it.
    /// - Throws: `SocketError` when the system gives no more threads.
    package static func start(name: String, body: @escaping @Sendable () -> Void) throws {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                let start = Unmanaged<Start>.fromOpaque(argument.unsafelyUnwrapped).takeRetainedValue()
                faultline_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SocketError(doing: "start the thread \(name)", code: code, message: String(cString: strerror(code)))
        }
        pthread_detach(thread)
    }
}

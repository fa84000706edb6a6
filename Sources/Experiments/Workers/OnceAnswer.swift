import Proxy
import Synchronization

/// Gives the answer to a summons that comes first, and no other.
final class OnceAnswer: Sendable {
    private let send: Mutex<(@Sendable (Summons.Answer) -> Void)?>

    init(_ send: @escaping @Sendable (Summons.Answer) -> Void) { self.send = Mutex(send) }

    func give(_ answer: Summons.Answer) {
        let send = send.withLock { send in
            defer { send = nil }
            return send
        }
        send?(answer)
    }
}

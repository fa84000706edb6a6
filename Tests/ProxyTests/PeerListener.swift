import Glibc
import Reactor

/// A server that accepts when the test says so.
final class PeerListener: Sendable {
    let address: String
    private let descriptor: Int32

    init(_ address: String = "127.0.0.1:0") throws {
        let (descriptor, local) = try Socket.listen(Peer.address(address), named: address)
        self.descriptor = descriptor
        self.address =
            address.hasPrefix("unix:") ? address : "\(address[..<address.lastIndex(of: ":")!]):\(local.port)"
    }

    deinit { close(descriptor) }

    func accept() async throws -> Peer {
        try await offPool {
            var entry = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 20_000) == 1, let accepted = try Socket.accept(self.descriptor) else {
                throw Peer.Failure.silence
            }
            return Peer(accepted)
        }
    }

    /// Nobody waits to be accepted.
    var isQuiet: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 0
    }
}

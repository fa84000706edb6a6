import Glibc
import Reactor
import Testing

/// A server whose queue is full, so that who connects gets no answer.
final class FullListener: Sendable {
    let address: String
    private let descriptor: Int32
    private let fillers: [Int32]

    init() throws {
        // A queue of one, and one who waits in it: Linux drops further requests to connect.
        let (descriptor, local) = try Socket.listen(Peer.address("127.0.0.1:0"), named: "full")
        try #require(listen(descriptor, 0) == 0)
        let filler = try #require(Socket.connect(local))
        var entry = pollfd(fd: filler, events: Int16(POLLOUT), revents: 0)
        try #require(poll(&entry, 1, 20_000) == 1)
        // Unless it is full by now, this one fills it.
        let another = try #require(Socket.connect(local))
        self.descriptor = descriptor
        fillers = [filler, another]
        address = local.description
    }

    deinit { for number in fillers + [descriptor] { close(number) } }
}

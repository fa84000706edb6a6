import Glibc
import Reactor
import Synchronization

/// A socket that listens for one lane of a link. Loops borrow it; it is open until whoever opened it closes it, so that a
/// link may be replaced by another at the same address without a client being refused.
///
/// A TCP socket serves one loop: each has one of its own, between which the kernel spreads connections. A Unix socket serves
/// all of them.
final class ListeningSocket: Sendable {
    private struct State {
        /// -1 while a Unix socket refuses, and in the end.
        var descriptor: Int32
        var isListening = true
        /// How many loops borrow it.
        var users = 0
        var isClosed = false
    }

    let lane: Int
    private let name: String
    private let address: SocketAddress
    private let unixPath: String?
    private let state: Mutex<State>

    /// - Parameter descriptor: it listens already.
    init(_ descriptor: Int32, lane: Int, name: String, address: SocketAddress, unixPath: String?) {
        self.lane = lane
        self.name = name
        self.address = address
        self.unixPath = unixPath
        state = Mutex(State(descriptor: descriptor))
    }

    /// Whether several loops watch one descriptor.
    var isShared: Bool { unixPath != nil }

    /// The descriptor, which listens from now on if it did not.
    ///
    /// - Returns: `nil` while somebody else listens at its address, who came while it refused.
    func borrow() -> Int32? {
        state.withLock { state in
            if !state.isListening, !state.isClosed { listenAgain(&state) }
            guard state.isListening else { return nil }
            state.users += 1
            return state.descriptor
        }
    }

    /// Ends borrowing. What is borrowed must not be watched any longer.
    ///
    /// - Parameter isRefusing: the last who borrowed it has it refuse connections.
    func giveBack(isRefusing: Bool) {
        state.withLock { state in
            state.users -= 1
            if isRefusing { refuse(&state) }
        }
    }

    /// Has it refuse connections, unless another loop borrows it.
    func refuse() { state.withLock { refuse(&$0) } }

    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            if state.descriptor >= 0 { Glibc.close(state.descriptor) }
            if let unixPath { unlink(unixPath) }
            (state.descriptor, state.isListening, state.isClosed) = (-1, false, true)
        }
    }

    /// A TCP socket stops listening and keeps its port; of a Unix socket only the path is left.
    private func refuse(_ state: inout State) {
        guard state.users == 0, state.isListening, state.descriptor >= 0 else { return }
        state.isListening = false
        guard isShared else { return Socket.stopListening(state.descriptor) }
        Glibc.close(state.descriptor)
        state.descriptor = -1
    }

    private func listenAgain(_ state: inout State) {
        guard let unixPath else {
            state.isListening = Socket.listenAgain(state.descriptor)
            return
        }
        unlink(unixPath)
        guard let descriptor = try? Socket.listen(address, named: name).descriptor else { return }
        (state.descriptor, state.isListening) = (descriptor, true)
    }
}

import Faults
import Glibc
import Reactor
import Wire

/// Messages for which a process is to be struck.
extension Connection {
    /// Tells of a message that is held, or has passed.
    func summon(_ window: Int, _ direction: Direction, isHeld: Bool) {
        links.board.summon(
            Summons(
                window: window, link: link.name, lane: lane, connection: number, direction: direction, isHeld: isHeld,
                client: clientSocket, time: links.historyTime, loop: links.index))
    }

    private var clientSocket: ClientSocket? {
        guard let here = try? SocketAddress.local(of: client), let there = try? SocketAddress.peer(of: client),
            here.port > 0
        else { return nil }
        return ClientSocket(port: there.port, peerPort: here.port)
    }

    /// An answer has passed, as far as the link is concerned: once its bytes are with the kernel somebody is told.
    func tellOfPassed() {
        guard !passedSummons.isEmpty, response.pointee.output.isEmpty else { return }
        let passed = passedSummons
        passedSummons = []
        for window in passed { summon(window, .response, isHeld: false) }
    }

    /// What was held for a process to be struck goes on, or nowhere.
    func answer(_ summons: Summons, _ answer: Summons.Answer) {
        let half = summons.direction == .request ? request : response
        guard !isClosed, half.pointee.isHeld, half.pointee.holder == summons.window else { return }
        switch answer {
        case .clientIsGone, .serviceIsGone:
            half.pointee.message?.action = .lost
            end(answer == .clientIsGone ? .closed : .reset, window: summons.window)
        case .passes, .nobody:
            if Socket.peerHasLeft(client) {
                if dropHeld() { pump() }
                return
            }
            half.pointee.holder = 0
            half.pointee.wasHeld = true
            goOn()
        }
    }
}

package import Wire

/// A message has come for which a process is to be struck.
package struct Summons: Hashable, Sendable {
    package var window: Int
    package var link: String
    /// Which of the link's listeners took the connection, from 0.
    package var lane: Int
    /// The connection's number on its link.
    package var connection: Int
    package var direction: Direction
    /// The message waits until somebody answers (`LocalLinks.answer`); else it has passed.
    package var isHeld: Bool
    /// Of the connection's client; nil on a Unix socket.
    package var client: ClientSocket?
    /// Nanoseconds of the wire history.
    package var time: Int64
    /// Which loop carries the connection.
    var loop: Int

    /// What became of it.
    package enum Answer: Hashable, Sendable {
        /// Nobody was struck: the message passes.
        case nobody
        /// A process was struck, and the message passes.
        case passes
        /// A process was struck, and the message goes nowhere: its client is gone, and the connection ends in order.
        case clientIsGone
        /// A process was struck, and the message goes nowhere: its service is gone, and the connection is reset.
        case serviceIsGone
    }
}

/// The two ports by which a client's socket on this machine is told from all others.
package struct ClientSocket: Hashable, Sendable {
    /// The client's own.
    package var port: Int
    /// The link's.
    package var peerPort: Int
}

package import Wire

/// What a fault that strikes connections is told of one.
package struct ConnectionInSight: Hashable, Sendable {
    /// In the order of accepting on its link, from 1.
    package var number: Int
    /// How many connections of the link are open, this one among them.
    package var open: Int
    /// It has only now been accepted, and nobody has dialled for it.
    package var isNew: Bool
    /// From which its client has connected; 0 unless an open window looks at it, and where there is none.
    package var port: Int
    /// The direction that the selector names; `nil` for both.
    package var direction: Direction?

    package init(number: Int, open: Int, isNew: Bool, port: Int = 0, direction: Direction? = nil) {
        self.number = number
        self.open = open
        self.isNew = isNew
        self.port = port
        self.direction = direction
    }
}

/// What shall happen to a connection while the window is open. None is a strike until it takes effect, which whoever
/// carries it out says.
package enum ConnectionIntent: Hashable, Sendable {
    /// The upstream is dialled so much later.
    case dialLate(Duration)
    /// Ends of streams pass so much later, in this direction or both.
    case endLate(Duration, Direction?)
    /// When so many bytes have passed in a direction since the window opened, the connection ends in order.
    case limit(bytes: Int, Direction?)
    /// Its bytes go nowhere, in this direction or both, until it ends.
    case swallow(Swallowing, Direction?)
    /// Some of its bytes go nowhere, in this direction or both.
    case lose(ByteLoss, Direction?)
    /// It is reset at once.
    case turnAway
    /// Neither bytes nor ends nor resets pass, and nobody dials.
    case isolate
}

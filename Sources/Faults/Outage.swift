/// When a link's listening sockets refuse while a window is open.
package struct Outage: Hashable, Sendable {
    /// How long they listen and then refuse, again and again from the window's opening; `nil` refuses all the time.
    package struct Cycle: Hashable, Sendable {
        package var up: Duration
        package var down: Duration

        package init(up: Duration, down: Duration) {
            self.up = up
            self.down = down
        }

        package func isDown(after sinceOpening: Duration) -> Bool { phase(sinceOpening) >= up }

        /// When next it goes down or up.
        package func nextEdge(after sinceOpening: Duration) -> Duration {
            let phase = phase(sinceOpening)
            return sinceOpening - phase + (phase < up ? up : up + down)
        }

        private func phase(_ sinceOpening: Duration) -> Duration {
            Duration(attoseconds: sinceOpening.attoseconds % (up + down).attoseconds)
        }
    }

    package var cycle: Cycle?
    /// Open connections are reset when it begins to refuse.
    package var resetsConnections: Bool

    package init(cycle: Cycle? = nil, resetsConnections: Bool = false) {
        self.cycle = cycle
        self.resetsConnections = resetsConnections
    }
}

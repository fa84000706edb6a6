extension LinkWindows {
    /// A window, when it opened, and what it has counted.
    struct Entry {
        let window: Window
        /// Of a window that waits for another, when it opened.
        var triggered: Duration?
        var matched = 0
        var struck = 0
        var notApplied = 0
        /// How many messages or connections were chosen to be struck, for `at-most`.
        var chosen = 0
        /// How often chance was asked about each call, for its random stream.
        var asked: [UInt64: UInt64] = [:]
        /// How often each call was tried, for `first-per-call`.
        var attempts: [UInt64: Int] = [:]
        /// What its fault remembers.
        var memory = FaultMemory()
        /// The connections that are there and that the window was asked about, and whether it chose them.
        var admitted: [Int: Bool] = [:]

        init(_ window: Window) { self.window = window }

        /// `nil` while the time of it is unknown.
        var opens: Duration? {
            if case .at(let time) = window.opening { time } else { triggered }
        }

        /// `nil` when it doesn't close of itself, or nobody knows when.
        var closes: Duration? {
            // How long a process is struck is no matter of the link's.
            if window.process != nil { return nil }
            return switch window.closing {
            case .withPlan: nil
            case .at(let time): time
            case .lasting(let time): opens.map { $0 + time }
            }
        }

        func isOpen(at elapsed: Duration) -> Bool {
            guard let opens, opens <= elapsed else { return false }
            return closes.map { elapsed < $0 } ?? true
        }

        var kind: String { type(of: window.fault).kind }
        var target: FaultTarget { type(of: window.fault).target }
        var seesMessages: Bool { target == .messages || target == .processes }
        var countsConnections: Bool { target == .connections || window.selector.per == .connection }

        func isRefusing(at elapsed: Duration) -> Bool {
            guard target == .listeners, isOpen(at: elapsed), let opens else { return false }
            return window.fault.outage.cycle?.isDown(after: elapsed - opens) ?? true
        }

        /// When next it opens, closes, or its listeners refuse or listen.
        func nextEdge(after elapsed: Duration) -> Duration? {
            var edges = [opens, closes]
            if let opens, isOpen(at: elapsed), let cycle = window.fault.outage.cycle {
                edges.append(opens + cycle.nextEdge(after: elapsed - opens))
            }
            return edges.compactMap { $0 }.filter { $0 > elapsed }.min()
        }
    }
}

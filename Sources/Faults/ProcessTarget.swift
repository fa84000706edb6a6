package import Wire

/// Whose process a window strikes, and which of its processes.
package struct ProcessTarget: Hashable, Sendable {
    /// How far a message has come when the process is struck.
    package enum Stage: String, Hashable, Sendable, CaseIterable {
        /// A request is there, and the service has not seen a byte of it.
        case received
        /// The service has done what was asked: its answer is there, and the client has not seen a byte of it.
        case forwarded
        /// The client has been given the answer whole.
        case answered

        /// The direction of the messages that are looked at.
        package var direction: Direction { self == .received ? .request : .response }
        /// Whether the message is held until the process has been struck.
        package var holds: Bool { self != .answered }
    }

    /// Which processes of that name.
    package enum Which: Hashable, Sendable {
        /// At a message: the one that sent it, or is to get it. At a time: all.
        case concerned
        /// From 1.
        case number(Int)
        case all
    }

    /// Of a managed worker, or of a service of the native stack.
    package var name: String
    package var which: Which
    /// Nil: at a time.
    package var stage: Stage?

    package init(_ name: String, which: Which = .concerned, stage: Stage? = nil) {
        self.name = name
        self.which = which
        self.stage = stage
    }
}

/// What is done to a process. Each is undone when its window is over.
package enum ProcessAction: Hashable, Sendable {
    /// SIGKILL; it is started again so much later, or when the window is over.
    case kill(restartAfter: Duration?)
    /// SIGSTOP, and SIGCONT when the window is over.
    case pause
    /// Its own signal to end, and a start as soon as it has.
    case restart
}

/// The processes that a system has, by what may be done to them.
package struct ProcessNames: Hashable, Sendable {
    /// Managed workers, with how many processes each has; nil: one for each lane.
    package var workers: [String: Int?]
    /// Services of the native stack.
    package var services: [String]
    /// Those of the services that forget their data when they end.
    package var forgetful: [String]

    package init(workers: [String: Int?] = [:], services: [String] = [], forgetful: [String] = []) {
        self.workers = workers
        self.services = services
        self.forgetful = forgetful
    }

    package var all: [String] { workers.keys.sorted() + services }
}

/// A fault with its target, its selector, and from when until when. Every window heals itself.
package struct Window: Sendable {
    /// When a window opens.
    package enum Opening: Hashable, Sendable {
        /// So long after the plan was put in force.
        case at(Duration)
        /// As soon as another window of the plan, on any link, has struck so often; the next message sees it open.
        case after(window: Int, strikes: Int)
    }

    /// When a window closes.
    package enum Closing: Hashable, Sendable {
        /// When the plan is replaced.
        case withPlan
        /// So long after the plan was put in force.
        case at(Duration)
        /// So long after the window has opened.
        case lasting(Duration)
    }

    /// Unique in a plan and stable from plan to plan, so that counts go on when a plan changes around it.
    package private(set) var id: Int
    /// The name that it was given.
    package let ownName: String?
    /// Empty where it strikes a process at a time.
    package let link: String
    /// Whose process it strikes; nil where it strikes the link.
    package let process: ProcessTarget?
    package internal(set) var selector: Selector
    package let fault: any Fault
    package private(set) var opening: Opening
    package private(set) var closing: Closing
    /// The entry of a file that it was read from; nil for one that a program made.
    package var written: SpecNode?
    /// What chance is asked by; nil: the plan's seed and the window's own number.
    package var draws: Draws?

    /// By what a window's random decisions are told from those of others, so that they repeat under another number too.
    package struct Draws: Hashable, Sendable {
        package var seed: UInt64
        package var id: Int

        package init(seed: UInt64, id: Int) {
            self.seed = seed
            self.id = id
        }
    }

    package init(
        id: Int, name: String? = nil, link: String, selector: Selector = Selector(), fault: any Fault,
        opening: Opening = .at(.zero), closing: Closing = .withPlan, process: ProcessTarget? = nil
    ) {
        self.id = id
        ownName = name
        self.link = link
        self.selector = selector
        self.fault = fault
        self.opening = opening
        self.closing = closing
        self.process = process
    }

    /// The same window, and the one that it waits for, under numbers so much higher.
    package func renumbered(by offset: Int) -> Window { renumbered { $0 + offset } }

    /// The same window, and the one that it waits for, under other numbers.
    package func renumbered(_ number: (Int) -> Int) -> Window {
        var window = self
        window.id = number(id)
        if case .after(let awaited, let strikes) = opening {
            window.opening = .after(window: number(awaited), strikes: strikes)
        }
        return window
    }

    /// The same window for a plan that is put in force so long after the one that its times count from. One that a strike opens
    /// is told apart by that, and stays open from plan to plan by itself.
    ///
    /// - Parameter end: when it closes at the latest, where it does not close of itself; counted as its other times are.
    package func resumed(after elapsed: Duration, until end: Duration? = nil) -> Window {
        var window = self
        if case .at(let time) = opening { window.opening = .at(time - elapsed) }
        switch closing {
        case .withPlan: if let end { window.closing = .at(end - elapsed) }
        case .at(let time): window.closing = .at(time - elapsed)
        case .lasting: break
        }
        return window
    }

    /// Whether it is the same window with the same damage to the same: then its counts mean the same too. Whose that is may have
    /// become more or fewer.
    package func strikesAlike(_ other: Window) -> Bool {
        id == other.id && link == other.link && process == other.process
            && selector.unscoped == other.selector.unscoped
            && AnyHashable(fault) == AnyHashable(other.fault)
    }

    /// What it strikes: a link, or a process's name.
    package var struck: String { process?.name ?? link }

    /// What it does, and where: `remove-header on s3`, `kill of worker`.
    package var what: String {
        let kind = type(of: fault).kind
        return process.map { "\(kind) of \($0.name)" } ?? "\(kind) on \(link)"
    }

    /// As reports name it.
    package var name: String { ownName ?? what }
}

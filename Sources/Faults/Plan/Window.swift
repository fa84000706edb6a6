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
    package let id: Int
    /// The name that it was given.
    package let ownName: String?
    /// Empty where it strikes a process at a time.
    package let link: String
    /// Whose process it strikes; nil where it strikes the link.
    package let process: ProcessTarget?
    package let selector: Selector
    package let fault: any Fault
    package let opening: Opening
    package let closing: Closing

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
    package func renumbered(by offset: Int) -> Window {
        var opening = opening
        if case .after(let awaited, let strikes) = opening {
            opening = .after(window: awaited + offset, strikes: strikes)
        }
        return Window(
            id: id + offset, name: ownName, link: link, selector: selector, fault: fault, opening: opening,
            closing: closing, process: process)
    }

    /// The same window for a plan that is put in force so long after the one that its times count from. One that a strike opens
    /// is told apart by that, and stays open from plan to plan by itself.
    ///
    /// - Parameter end: when it closes at the latest, where it does not close of itself; counted as its other times are.
    package func resumed(after elapsed: Duration, until end: Duration? = nil) -> Window {
        var (opening, closing) = (opening, closing)
        if case .at(let time) = opening { opening = .at(time - elapsed) }
        switch closing {
        case .withPlan: if let end { closing = .at(end - elapsed) }
        case .at(let time): closing = .at(time - elapsed)
        case .lasting: break
        }
        return Window(
            id: id, name: ownName, link: link, selector: selector, fault: fault, opening: opening, closing: closing,
            process: process)
    }

    /// Whether it is the same window with the same damage to the same: then its counts mean the same too. Whose that is may have
    /// become more or fewer.
    func strikesAlike(_ other: Window) -> Bool {
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

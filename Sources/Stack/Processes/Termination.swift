import Dispatch
import Glibc

/// Ends process families: asked first, then killed.
enum Termination {
    /// Returns when every member is gone, and says which were not to be moved.
    ///
    /// - Parameter asked: called once the leader has been asked.
    ///
    /// Not to be hurried by cancellation: it is what runs when a start was cancelled.
    static func end(
        _ family: ProcessFamily, askWith signal: Int32, grace: Duration, asked: () -> Void = {}
    ) async -> Set<ProcessIdentity> {
        var family = family
        family.refresh()
        // A stopped process would never read its signal.
        family.signal(SIGCONT)
        // The leader sees to its own; whom it leaves behind is asked directly.
        let deadlineToAsk = ContinuousClock.now + grace
        if let leader = family.leader, family.members.contains(leader) {
            kill(leader.id, signal)
            asked()
            if await gone(&family, within: grace, orOnly: leader) { return [] }
        }
        family.signal(SIGTERM)
        if await gone(&family, within: deadlineToAsk - ContinuousClock.now) { return [] }
        return await killed(&family)
    }

    /// At once and without asking, as when the machine loses its power: all stand still before one of them dies, or those that see
    /// it would still say goodbye to their clients.
    static func kill(_ family: ProcessFamily) async -> Set<ProcessIdentity> {
        var family = family
        await family.halt()
        return await killed(&family)
    }

    private static func killed(_ family: inout ProcessFamily) async -> Set<ProcessIdentity> {
        let deadline = ContinuousClock.now + .seconds(5)
        repeat {
            family.signal(SIGKILL)
            if await gone(&family, within: .milliseconds(100)) { return [] }
        } while ContinuousClock.now < deadline
        return family.members
    }

    /// Waits until nobody is left; with `only`, no longer than that member lives and a moment more for its children.
    private static func gone(
        _ family: inout ProcessFamily, within time: Duration, orOnly only: ProcessIdentity? = nil
    ) async -> Bool {
        let deadline = ContinuousClock.now + time
        var patience = 25
        while true {
            family.refresh()
            // Whoever has ended is no member any more; a child of ours has yet to be buried.
            if let leader = family.leader { _ = ChildExit.poll(leader.id) }
            if family.members.isEmpty { return true }
            if let only, !family.members.contains(only) { patience -= 1 }
            if ContinuousClock.now >= deadline || patience == 0 { return false }
            await wait(milliseconds: 10)
        }
    }

    private static func kill(_ id: Int32, _ signal: Int32) { _ = Glibc.kill(id, signal) }

    /// A sleep that cancellation does not cut short.
    static func wait(milliseconds: Int) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { continuation.resume() }
        }
    }
}

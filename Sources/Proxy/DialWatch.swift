import Reactor

/// Ends attempts of one link to connect that take too long. All of them may take equally long, so one timer does.
final class DialWatch: EventSource {
    /// `nil` once the link is closed: the timer may outlive it.
    private var link: Link?
    private let loop: EventLoop
    private var isSet = false

    init(_ link: Link) {
        self.link = link
        loop = link.links.loop
    }

    /// An attempt has begun.
    func watch(until deadline: Nanoseconds) {
        guard !isSet else { return }
        isSet = true
        loop.setTimer(deadline, source: self, tag: 0)
    }

    override func timerFired(tag: Int) {
        isSet = false
        guard let next = link?.endLateDials() else { return }
        watch(until: next)
    }

    func close() { link = nil }
}

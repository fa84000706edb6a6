package import Wire

/// What a plan means for one link: its windows, and how often each has been asked and has struck.
///
/// Pure: whoever owns it says what time it is.
package struct LinkWindows: Sendable {
    /// How far a window has come.
    package struct Progress: Hashable, Sendable {
        /// Messages that its selector matched while it was open.
        package var matched = 0
        package var struck = 0
        /// How often each call was decided upon, for its random stream.
        fileprivate var asked: [UInt64: UInt64] = [:]
    }

    private var windows: [(window: Window, progress: Progress)] = []
    private let seed: UInt64
    private let link: String

    package init(link: String, seed: UInt64 = 0) {
        self.link = link
        self.seed = seed
    }

    /// The windows of `plan` for this link; a window that stood in the former plan goes on counting.
    package func replaced(by plan: Plan) -> LinkWindows {
        var next = LinkWindows(link: link, seed: plan.seed)
        next.windows = plan.windows.filter { $0.link == link }.map { window in
            (window, windows.first { $0.window.id == window.id }?.progress ?? Progress())
        }
        return next
    }

    package var isEmpty: Bool { windows.isEmpty }

    /// How far each window has come, by its id.
    package var progress: [Int: Progress] {
        Dictionary(windows.map { ($0.window.id, $0.progress) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether the window is there and open.
    package func isOpen(_ id: Int, at elapsed: Duration) -> Bool {
        windows.contains { $0.window.id == id && $0.window.isOpen(at: elapsed) }
    }

    package func hasOpenWindow(at elapsed: Duration) -> Bool { windows.contains { $0.window.isOpen(at: elapsed) } }

    /// When next a window opens or closes.
    package func nextEdge(after elapsed: Duration) -> Duration? {
        windows.flatMap { [$0.window.from, $0.window.until].compactMap { $0 } }.filter { $0 > elapsed }.min()
    }

    /// What shall happen to a message. Windows are asked in order; the first that holds, answers or resets ends it.
    ///
    /// - Parameter call: which call the message belongs to, the same for each attempt and on every run: its operation and
    ///   key, or, where the protocol knows neither, the number of its connection.
    package mutating func decide(_ message: Message, call: UInt64, at elapsed: Duration) -> Decision {
        var decision = Decision()
        for index in windows.indices {
            let window = windows[index].window
            guard window.isOpen(at: elapsed), window.selector.matches(message) else { continue }
            windows[index].progress.matched += 1
            var random = randomStream(index, call)
            guard strikes(windows[index].progress.matched, window.selector, &random) else { continue }
            windows[index].progress.struck += 1
            decision.add(window.fault.act(on: message, random: &random), window: window.id)
            if decision.isFinal { break }
        }
        return decision
    }

    private func strikes(_ count: Int, _ selector: Selector, _ random: inout SeededRandom) -> Bool {
        if let nth = selector.nth, count != nth { return false }
        if let first = selector.first, count > first { return false }
        if let probability = selector.probability, random.unit() >= probability { return false }
        return true
    }

    private mutating func randomStream(_ index: Int, _ call: UInt64) -> SeededRandom {
        var hash = StableHash()
        hash.mix(seed)
        hash.mix(link)
        hash.mix(UInt64(windows[index].window.id))
        hash.mix(call)
        hash.mix(windows[index].progress.asked[call, default: 0])
        // Bounded: a link that has seen a million calls starts to forget, and repeats streams rather than growing.
        if windows[index].progress.asked.count > 1_000_000 { windows[index].progress.asked.removeAll() }
        windows[index].progress.asked[call, default: 0] += 1
        return SeededRandom(seed: hash.value)
    }
}

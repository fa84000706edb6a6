import Proxy

/// One thing that `retries` can claim of each call.
package enum RetryRule: Hashable, Sendable {
    /// No call is retried more often.
    case atMost(Int)
    /// Every call that a fault struck is retried at least so often.
    case atLeast(Int)
    /// No attempt comes sooner than an answer's Retry-After asked for.
    case retryAfterHonoured
    /// So much time lies between an attempt that failed and the next.
    case waitAtLeast(Duration)
    /// The last wait of a call is clearly longer than its first.
    case growingWaits
    /// Nothing follows an answer with one of these statuses or error codes.
    case noneAfter([String])

    /// How much longer the last wait must be, against jitter and the noise of measuring.
    static let growthMin = 1.25

    struct Told {
        var expected: String
        var found: String
    }

    /// What was there to be checked.
    struct Count {
        var checked = 0
        /// An attempt that came after one that had succeeded: a retry without need, or another call of the same words.
        var ambiguous = 0
        /// Attempts that began before the one before them had ended.
        var overlapping = 0
    }

    /// A call's attempts, and the runs that they fall into: a run ends with an attempt that left nothing to be wished for, so
    /// that what follows may be another call of the same words.
    struct Tried {
        let attempts: [Attempt]
        let runs: [ArraySlice<Attempt>]
        let isCutShort: Bool

        init(_ call: Call, isCutShort: Bool) {
            attempts = call.attempts
            var runs: [ArraySlice<Attempt>] = []
            var start = 0
            for index in attempts.indices.dropFirst()
            where attempts[index - 1].isDone && attempts[index - 1].end <= attempts[index].time {
                runs.append(attempts[start..<index])
                start = index
            }
            self.runs = runs + [attempts[start...]]
            self.isCutShort = isCutShort
        }

        /// Attempts of one run and those that follow them.
        var pairs: [(failed: Attempt, next: Attempt)] {
            runs.flatMap { run in zip(run, run.dropFirst()).map { ($0, $1) } }
        }
    }

    func claim(_ calls: String) -> String {
        switch self {
        case .atMost(0): "\(calls) is not retried"
        case .atMost(let most): "\(calls) is retried \(Self.times(most)) at most"
        case .atLeast(let least): "\(calls) that a fault struck is retried at least \(Self.times(least))"
        case .retryAfterHonoured: "\(calls) is not retried sooner than a Retry-After asks for"
        case .waitAtLeast(let wait): "\(calls) is retried no sooner than \(Milliseconds.words(wait)) after it failed"
        case .growingWaits: "\(calls) is retried after longer and longer waits"
        case .noneAfter(let statuses): "\(calls) is not retried after \(Self.list(statuses))"
        }
    }

    func check(_ tried: Tried, _ count: inout Count) -> [Told] {
        switch self {
        case .atMost(let most): tooMany(tried, most, &count)
        case .atLeast(let least): tooFew(tried, least, &count)
        case .retryAfterHonoured: tooSoonForAnswer(tried, &count)
        case .waitAtLeast(let wait): tooSoon(tried, Milliseconds.whole(wait), &count)
        case .growingWaits: notGrowing(tried, &count)
        case .noneAfter(let statuses): goingOn(tried, Set(statuses), &count)
        }
    }

    /// Why what was seen doesn't suffice; nil when it does.
    func gap(_ count: Count, on link: String) -> String? {
        if count.ambiguous > 0 {
            return "\(count.ambiguous) calls on \(link) came again after they had succeeded: "
                + "nobody can tell whether that is a retry or another call"
        }
        if count.overlapping > 0 {
            return "\(count.overlapping) attempts on \(link) began before the one before had ended"
        }
        if count.checked > 0 { return nil }
        return switch self {
        case .atMost: nil
        case .atLeast: "no fault struck a call on \(link)"
        case .retryAfterHonoured: "no call on \(link) was tried again after an answer with a Retry-After"
        case .waitAtLeast: "no call on \(link) was tried again"
        case .growingWaits: "no call on \(link) was tried three times"
        case .noneAfter(let statuses): "no call on \(link) was answered with \(Self.list(statuses))"
        }
    }

    private func tooMany(_ tried: Tried, _ most: Int, _ count: inout Count) -> [Told] {
        count.checked += 1
        let retries = (tried.runs.map(\.count).max() ?? 1) - 1
        if retries > most { return [Told(expected: "at most \(Self.retries(most))", found: "\(retries)")] }
        if tried.attempts.count - 1 > most { count.ambiguous += 1 }
        return []
    }

    private func tooFew(_ tried: Tried, _ least: Int, _ count: inout Count) -> [Told] {
        let struck = tried.runs.filter { $0.contains { $0.window != 0 } }
        guard let fewest = struck.map(\.count).min() else { return [] }
        count.checked += 1
        // What is missing from a history that was cut short proves nothing.
        guard fewest - 1 < least, !tried.isCutShort else { return [] }
        if tried.attempts.count - 1 >= least {
            count.ambiguous += 1
            return []
        }
        return [Told(expected: "at least \(Self.retries(least))", found: "\(fewest - 1)")]
    }

    private func tooSoonForAnswer(_ tried: Tried, _ count: inout Count) -> [Told] {
        tried.attempts.compactMap { attempt in
            // An answer that was cut off may never have told its client.
            guard let asked = attempt.retryAfterMilliseconds, let answered = attempt.answered, attempt.action != .cut,
                let next = tried.attempts.first(where: { $0.time > answered })
            else { return nil }
            count.checked += 1
            let waited = Milliseconds.passed(from: answered, to: next.time)
            guard waited < asked else { return nil }
            return Told(
                expected: "no retry within the \(Milliseconds.words(Int64(asked))) that a Retry-After asked for",
                found: "one after \(Milliseconds.words(waited))")
        }
    }

    private func tooSoon(_ tried: Tried, _ least: Int64, _ count: inout Count) -> [Told] {
        tried.pairs.compactMap { pair in
            guard let waited = Self.wait(pair) else {
                count.overlapping += 1
                return nil
            }
            count.checked += 1
            guard Milliseconds.passed(from: 0, to: waited) < least else { return nil }
            return Told(
                expected: "no retry within \(Milliseconds.words(least))",
                found: "one after \(Milliseconds.words(Milliseconds.passed(from: 0, to: waited)))")
        }
    }

    private func notGrowing(_ tried: Tried, _ count: inout Count) -> [Told] {
        guard !tried.isCutShort else { return [] }
        return tried.runs.compactMap { run in
            // A wait that a Retry-After dictated says nothing of the client's own.
            let pairs = zip(run, run.dropFirst()).filter { $0.0.retryAfterMilliseconds == nil }
            let waits = pairs.compactMap { Self.wait(($0, $1)) }
            guard waits.count >= 2, let first = waits.first, let last = waits.last else { return nil }
            count.checked += 1
            guard Double(last) < Double(first) * Self.growthMin else { return nil }
            let told = waits.map { Milliseconds.words(Milliseconds.passed(from: 0, to: $0)) }
            return Told(expected: "longer and longer waits", found: "waits of \(told.joined(separator: ", "))")
        }
    }

    private func goingOn(_ tried: Tried, _ statuses: Set<String>, _ count: inout Count) -> [Told] {
        for attempt in tried.attempts where statuses.contains(attempt.verdict) {
            guard let answered = attempt.answered else { continue }
            count.checked += 1
            let more = tried.attempts.count { $0.time > answered }
            if more > 0 {
                return [
                    Told(
                        expected: "no retry after \(attempt.verdict)",
                        found: "\(more) more attempt\(more == 1 ? "" : "s") after it")
                ]
            }
        }
        return []
    }

    /// Nanoseconds from a failure to the next attempt, as the link saw them: never shorter than the client's own wait. Nil
    /// when the first was still under way.
    private static func wait(_ pair: (failed: Attempt, next: Attempt)) -> Int64? {
        let failed = pair.failed.answered ?? pair.failed.end
        return failed <= pair.next.time ? pair.next.time - failed : nil
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
    private static func retries(_ count: Int) -> String { count == 1 ? "1 retry" : "\(count) retries" }
    private static func list(_ statuses: [String]) -> String { statuses.joined(separator: " or ") }
}

package import Experiments

/// One retried call: its attempts in the order of time, drawn as bars. Times are seconds since the call began.
package struct CallRow: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// - Parameter status: 0 where the protocol has none.
        case answered(status: Int)
        /// With an error of PostgreSQL's, Redis's or Neo4j's.
        case failed(code: String)
        /// No answer came: the connection ended, or the client left.
        case unanswered
    }

    package struct Bar: Hashable, Sendable {
        package var from: Double
        package var to: Double
        package var outcome: Outcome
        /// The fault that struck it.
        package var struckBy: String?
        /// How long the answer asked the client to wait, in seconds.
        package var retryAfter: Double?

        package init(
            from: Double, to: Double, outcome: Outcome, struckBy: String? = nil, retryAfter: Double? = nil
        ) {
            self.from = from
            self.to = to
            self.outcome = outcome
            self.struckBy = struckBy
            self.retryAfter = retryAfter
        }

        package var isGood: Bool {
            if case .answered(let status) = outcome { return status == 0 || (100..<400).contains(status) }
            return false
        }

        /// `429`, `40001`, `LOADING`, `DeadlockDetected`, `ok`.
        package var word: String {
            switch outcome {
            case .answered(let status): status == 0 ? "ok" : "\(status)"
            // Neo4j's codes are long, and their last word says it.
            case .failed(let code): code.split(separator: ".").last.map(String.init) ?? code
            case .unanswered: "no answer"
            }
        }
    }

    /// Nil where nobody can tell whose it is.
    package var document: String?
    package var link: String
    package var operation: String
    package var key: String
    /// Since the workload began.
    package var began: Double
    package var bars: [Bar]
    /// Attempts that are not drawn.
    package var more: Int

    package init(
        document: String?, link: String, operation: String, key: String, began: Double, bars: [Bar], more: Int = 0
    ) {
        self.document = document
        self.link = link
        self.operation = operation
        self.key = key
        self.began = began
        self.bars = bars
        self.more = more
    }

    /// To the end of the last answer, or of the last wait that was asked for.
    package var length: Double { bars.map { $0.to + ($0.retryAfter ?? 0) }.max() ?? 0 }

    /// Between the end of one attempt and the beginning of the next, in seconds.
    package var waits: [Double] { zip(bars, bars.dropFirst()).map { max(0, $1.from - $0.to) } }
}

extension CallRow {
    private static let barsMax = 40

    /// Calls of known documents that were tried more than once: those with most attempts first, then as they came.
    ///
    /// - Parameters:
    ///   - zero: history time that `began` counts from.
    ///   - names: what the windows inject, by their numbers.
    package static func retried(_ calls: [Call], zero: Int64, names: [Int: String]) -> [CallRow] {
        calls.filter { $0.document != nil && $0.attempts.count > 1 }
            .map { CallRow($0, zero: zero, names: names) }
            .enumerated()
            .sorted {
                ($1.element.attempts, $0.element.began, $0.offset) < ($0.element.attempts, $1.element.began, $1.offset)
            }
            .map(\.element)
    }

    private init(_ call: Call, zero: Int64, names: [Int: String]) {
        let start = call.attempts[0].time
        self.init(
            document: call.document, link: call.link, operation: call.operation, key: call.key,
            began: Double(start - zero) / 1e9,
            bars: call.attempts.prefix(Self.barsMax).map { attempt in
                Bar(
                    from: Double(attempt.time - start) / 1e9,
                    to: Double(max(attempt.end, attempt.answered ?? attempt.end) - start) / 1e9,
                    outcome: Outcome(attempt),
                    struckBy: attempt.window == 0 ? nil : names[attempt.window] ?? "window \(attempt.window)",
                    retryAfter: attempt.retryAfterMilliseconds.map { Double($0) / 1000 })
            },
            more: max(0, call.attempts.count - Self.barsMax))
    }

    /// How often it was tried.
    package var attempts: Int { bars.count + more }
}

extension CallRow.Outcome {
    fileprivate init(_ attempt: Attempt) {
        if attempt.answered == nil {
            self = .unanswered
        } else {
            self = attempt.code.isEmpty ? .answered(status: attempt.status) : .failed(code: attempt.code)
        }
    }
}

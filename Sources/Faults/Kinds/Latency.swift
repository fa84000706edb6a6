import Glibc
import Wire

/// Every message takes longer.
struct Latency: Fault {
    /// How delays are spread.
    enum Distribution: String, CaseIterable, Hashable, Sendable {
        /// Evenly over the delay plus and minus the jitter.
        case uniform
        /// Around the delay; the jitter is the standard deviation. A message cannot arrive before it was sent, so none is
        /// below zero.
        case normal
    }

    static let kind = "latency"
    static let summary = "messages arrive later; those behind a late one wait for it"
    static let strike = "a message that was delayed"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = .request
    static let attributes: [FaultAttribute] = [
        .required("delay", "time", "200ms", "how much later"),
        .optional(
            "jitter", "time", "50ms", or: "0s",
            "how far a delay may be from that; with `normal`, the standard deviation"),
        .optional(
            "distribution", "uniform or normal", "normal", or: "uniform",
            "how delays are spread; what would be below zero is no delay"),
    ]
    static let example = "{ delay: 200ms, jitter: 50ms, distribution: normal }"

    let delay: Duration
    let jitter: Duration
    let distribution: Distribution

    init(spec: inout Spec) throws(SpecError) {
        delay = try spec.required("delay", .durationAboveZero)
        jitter = try spec.optional("jitter", .duration) ?? .zero
        let distribution = try spec.optional("distribution", SpecType<Distribution>.choice)
        guard jitter <= delay else {
            throw spec.error("jitter", "is larger than the delay", mend: "a message cannot arrive before it was sent")
        }
        guard distribution == nil || jitter > .zero else {
            throw spec.error(
                "distribution", "says how jitter is spread, and there is none",
                mend: "write 'jitter: 50ms' beside it, or leave it out")
        }
        self.distribution = distribution ?? .uniform
    }

    /// - Parameter jitter: evenly spread; it may be above the delay, and what would be below zero is no delay.
    init(delay: Duration, jitter: Duration) {
        (self.delay, self.jitter, distribution) = (delay, jitter, .uniform)
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        guard jitter > .zero else { return .delay(delay) }
        switch distribution {
        case .uniform: return .delay(max(delay + jitter * (random.unit() * 2 - 1), .zero))
        case .normal: return .delay(max(delay + jitter * Self.normal(&random), .zero))
        }
    }

    /// A number of mean 0 and standard deviation 1 (Box and Muller, 1958).
    private static func normal(_ random: inout SeededRandom) -> Double {
        let radius = sqrt(-2 * log(1 - random.unit()))
        return radius * cos(2 * .pi * random.unit())
    }
}

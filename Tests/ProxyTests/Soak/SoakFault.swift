import Faults
import Wire

/// A fault as the soak draws it, and what it may do to a connection. What it may not do is a difference.
///
/// A new fault is a line in `all`; those that the proxy doesn't know are never drawn.
struct SoakFault: Sendable {
    /// What a peer may see because of a fault.
    struct Licence: OptionSet, Hashable, Sendable {
        let rawValue: Int
        /// A connection cannot be made, or is reset before anything passed.
        static let refused = Licence(rawValue: 1)
        /// The stream ends in order before its last byte.
        static let short = Licence(rawValue: 2)
        /// The connection is reset; what arrived before is a prefix.
        static let reset = Licence(rawValue: 4)
        /// Bytes differ, and their number stays.
        static let differs = Licence(rawValue: 8)
        /// A call is answered by the proxy.
        static let replied = Licence(rawValue: 16)
        /// A header is missing.
        static let edited = Licence(rawValue: 32)
    }

    let kind: String
    var licence: Licence = []
    var protocols = LinkProtocol.allCases
    let options: @Sendable (inout SeededRandom) -> KeyValuePairs<String, String>

    static let all: [SoakFault] = [
        // What loses nothing.
        SoakFault(kind: "latency") { ["delay": $0.milliseconds(5...25), "jitter": $0.milliseconds(0...5)] },
        SoakFault(kind: "bandwidth") { ["rate": "\(Int.random(in: 1...64, using: &$0))MiB/s"] },
        SoakFault(kind: "slice") {
            ["size": $0.bytes(64...4096), "variation": $0.bytes(0...60), "gap": $0.microseconds(0...100)]
        },
        SoakFault(kind: "slow-connect") { ["delay": $0.milliseconds(1...60)] },
        SoakFault(kind: "slow-close") { ["delay": $0.milliseconds(1...60)] },
        SoakFault(kind: "partition") { _ in [:] },
        // A client that ends while something is held has left, and what is held is dropped.
        SoakFault(kind: "blackhole", licence: .short) { _ in [:] },
        // What loses something.
        SoakFault(kind: "reset", licence: .reset) { $0.toss() ? [:] : ["after": $0.bytes(0...100_000)] },
        SoakFault(kind: "close", licence: [.short, .reset]) { $0.toss() ? [:] : ["after": $0.bytes(0...100_000)] },
        SoakFault(kind: "half-close", licence: .short) { _ in [:] },
        SoakFault(kind: "limit", licence: [.short, .reset]) {
            ["bytes": $0.bytes(1...1_000_000)]
        },
        SoakFault(kind: "truncate", licence: .short, protocols: [.http]) { ["after": $0.bytes(0...100_000)] },
        SoakFault(kind: "corrupt", licence: .differs, protocols: [.tcp]) {
            ["rate": "0.\(Int.random(in: 1...9, using: &$0))%"]
        },
        SoakFault(kind: "status", licence: .replied, protocols: [.http]) {
            ["code": "\(Int.random(in: 500...504, using: &$0))"]
        },
        SoakFault(kind: "error", licence: .replied, protocols: [.http]) { _ in [:] },
        SoakFault(kind: "permanent-error", licence: .replied, protocols: [.http]) { _ in [:] },
        SoakFault(kind: "watch", protocols: [.http]) { _ in [:] },
        SoakFault(kind: "delay", protocols: [.http]) { ["time": $0.milliseconds(1...25)] },
        SoakFault(kind: "remove-header", licence: .edited, protocols: [.http]) { _ in ["name": SoakCall.markHeader] },
        SoakFault(kind: "connection-limit", licence: [.refused, .reset]) {
            ["max": "\(Int.random(in: 1...8, using: &$0))"]
        },
        SoakFault(kind: "refuse", licence: .refused) { _ in [:] },
        SoakFault(kind: "flap", licence: [.refused, .reset]) {
            ["up": $0.milliseconds(10...80), "down": $0.milliseconds(10...40)]
        },
    ]

    /// What is told by tests of its own, since the peers of the soak cannot tell it from what is wrong, or no link of the soak
    /// speaks of it.
    static let undrawn = [
        "swallow", "lose-bytes", "lose-request", "lose-response", "hang-request", "hang-response", "duplicate-request",
        "error-after-apply",
        "malformed-body", "wrong-length", "set-header", "rate-limit", "slow-down", "internal-error",
        "insufficient-quota", "reorder-embeddings", "drop-embedding", "wrong-dimensions", "sql-error", "redis-error",
        "bolt-failure", "kill", "pause", "restart",
    ]

    /// The faults that the proxy knows and such a link can express.
    static func known(to link: LinkTraits) -> [SoakFault] {
        let kinds = Set(FaultCatalogue.all.map { $0.kind })
        return all.filter { kinds.contains($0.kind) && $0.protocols.contains(link.linkProtocol) }
    }

    /// What it strikes of messages and connections. Faults that end connections strike few, so that there is something left to
    /// break.
    func selector(_ random: inout SeededRandom) -> KeyValuePairs<String, String> {
        let type = FaultCatalogue.all.first { $0.kind == kind }!
        let direction = ["request", "response"].randomElement(using: &random)!
        switch type.target {
        case .listeners, .processes: return [:]
        case .connections:
            let chance = random.percent(10...90)
            guard type.takesDirection, random.toss() else { return random.toss() ? [:] : ["probability": chance] }
            return ["direction": direction, "probability": chance]
        case .messages:
            if licence == .replied { return ["first-per-call": "1"] }
            return licence.isEmpty || kind == "blackhole" ? many(direction, &random) : few(direction, &random)
        }
    }

    private func many(_ direction: String, _ random: inout SeededRandom) -> KeyValuePairs<String, String> {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: ["direction": direction]
        case 1: ["direction": direction, "first": random.number(1...50)]
        case 2: ["direction": direction, "every": random.number(2...5)]
        case 3: ["direction": direction, "after": random.number(1...20), "at-most": random.number(1...50)]
        case 4: ["direction": direction, "probability": random.percent(10...90), "per": "connection"]
        default: ["direction": direction, "probability": random.percent(10...90)]
        }
    }

    private func few(_ direction: String, _ random: inout SeededRandom) -> KeyValuePairs<String, String> {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: ["direction": direction, "after": random.number(1...20), "at-most": random.number(1...3)]
        case 1: ["direction": direction, "probability": random.percent(5...20), "per": "connection"]
        case 2: ["direction": direction, "nth": random.number(1...50)]
        default: ["direction": direction, "probability": random.percent(1...5)]
        }
    }
}

extension SeededRandom {
    mutating func toss() -> Bool { next() & 1 == 0 }
    mutating func number(_ range: ClosedRange<Int>) -> String { "\(Int.random(in: range, using: &self))" }
    mutating func percent(_ range: ClosedRange<Int>) -> String { "\(number(range))%" }
    mutating func milliseconds(_ range: ClosedRange<Int>) -> String { "\(Int.random(in: range, using: &self))ms" }
    mutating func microseconds(_ range: ClosedRange<Int>) -> String { "\(Int.random(in: range, using: &self))us" }
    mutating func bytes(_ range: ClosedRange<Int>) -> String { "\(Int.random(in: range, using: &self))B" }

    /// A size: each power of two as likely as the next, so that small and large ones are both met.
    mutating func size(upTo most: Int) -> Int {
        let bits = Int.random(in: 0...(Int.bitWidth - 1 - most.leadingZeroBitCount), using: &self)
        return min(most, Int.random(in: (1 << bits)...(2 << bits), using: &self))
    }
}

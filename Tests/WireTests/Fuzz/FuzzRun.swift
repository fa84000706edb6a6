import Foundation
import Testing
import Wire

/// Cases of one codec, each of which a seed draws.
///
/// `FAULTLINE_FUZZ_SECONDS` says for how long it goes on after the first cases, `FAULTLINE_FUZZ_SEED` where to begin, and
/// `FAULTLINE_FUZZ_KEEP` that findings go to the corpus.
struct FuzzRun {
    let codec: any FuzzedCodec
    let corpus: [Conversation]
    /// Cases between two looks at the clock.
    static let casesPerRound: UInt64 = 500

    struct Finding {
        var seed: UInt64
        var complaint: String
        var conversation: Conversation
    }

    init(_ codec: any FuzzedCodec) {
        self.codec = codec
        corpus = Conversation.corpus(codec.name)
    }

    /// Runs as long as the environment says, and records what it finds.
    func asToldByEnvironment() {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["FAULTLINE_FUZZ_SECONDS"].flatMap(Double.init) ?? 0
        let first = environment["FAULTLINE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1
        let end = ContinuousClock.now + .seconds(seconds)
        var seed = first
        var found = 0
        repeat {
            // Said first, since a crash says nothing.
            print("fuzz \(codec.name): FAULTLINE_FUZZ_SEED=\(seed)")
            for finding in round(from: seed) {
                found += 1
                record(finding, keeps: environment["FAULTLINE_FUZZ_KEEP"] != nil)
            }
            seed &+= Self.casesPerRound
        } while ContinuousClock.now < end && found < 10
        print("fuzz \(codec.name): \(seed &- first) cases, \(found) findings")
    }

    /// What is found from this seed on, one by one.
    func round(from seed: UInt64, cases: UInt64 = casesPerRound) -> some Sequence<Finding> {
        (0..<cases).lazy.compactMap { finding(seed &+ $0) }
    }

    private func finding(_ seed: UInt64) -> Finding? {
        let conversation = conversation(seed)
        guard complaint(conversation, seed) != nil else { return nil }
        let small = Shrinker { complaint($0, seed) != nil }.shrink(conversation)
        return Finding(seed: seed, complaint: complaint(small, seed) ?? "", conversation: small)
    }

    /// The case that a seed draws.
    func conversation(_ seed: UInt64) -> Conversation {
        var random = FuzzRandom(seed)
        return Mutator(corpus: corpus, codec: codec).next(&random)
    }

    /// What is wrong with how the codec reads a conversation; `nil` when nothing is.
    func complaint(_ conversation: Conversation, _ seed: UInt64) -> String? {
        let whole = codec.read(conversation, cutAt: .nowhere)
        if let complaint = whole.complaints.first { return complaint }
        // Byte by byte takes a while where there are many.
        let isShort = conversation.request.count + conversation.response.count <= 4096
        for cuts in [.drawn(seed: seed), isShort ? .everywhere : .drawn(seed: ~seed)] as [FuzzCuts] {
            let cut = codec.read(conversation, cutAt: cuts)
            if let complaint = cut.complaints.first { return "\(complaint), cut \(cuts)" }
            if cut.lines != whole.lines { return difference(whole.lines, cut.lines) + ", cut \(cuts)" }
        }
        return nil
    }

    private func difference(_ whole: [String], _ cut: [String]) -> String {
        let index = zip(whole, cut).enumerated().first { $1.0 != $1.1 }?.offset ?? min(whole.count, cut.count)
        func line(_ lines: [String]) -> String { index < lines.count ? String(lines[index].prefix(300)) : "nothing" }
        return "line \(index) is \(line(cut)) instead of \(line(whole))"
    }

    private func record(_ finding: Finding, keeps: Bool) {
        var kept = finding.conversation
        kept.name = "found-\(finding.seed)"
        if keeps { kept.keep(as: codec.name) }
        Issue.record(
            """
            \(codec.name), seed \(finding.seed): \(finding.complaint)
                request:  \(Self.escaped(kept.request))
                response: \(Self.escaped(kept.response))
                again: FAULTLINE_FUZZ_SEED=\(finding.seed) swift test --filter FuzzTests
            """)
    }

    /// As in a Swift string; the beginning of what is long.
    private static func escaped(_ bytes: [UInt8]) -> String {
        let rest = bytes.count > 500 ? " and \(bytes.count - 500) bytes more" : ""
        return bytes.prefix(500).map {
            switch $0 {
            case 0x0D: "\\r"
            case 0x0A: "\\n"
            case 0x20...0x7E: String(UnicodeScalar($0))
            default: "\\u{\(String($0, radix: 16))}"
            }
        }.joined() + rest
    }
}

package import Consistency
package import Experiments

/// Where a command with one run or many stands, as lines for a terminal. Pure: it is told the time.
package struct CampaignBoard: Sendable {
    package struct Run: Hashable, Sendable {
        package var name: String
        package var seed: UInt64
        /// How long it will take, in seconds, as far as anybody can know.
        package var expected: Double

        package init(name: String, seed: UInt64, expected: Double) {
            self.name = name
            self.seed = seed
            self.expected = expected
        }
    }

    private let runs: [Run]
    private var current: Int?
    private var began = 0.0
    private var phase: RunPhase?
    private var documents: (done: Int, all: Int, struck: Int)?
    private var verdicts: [Verdict] = []
    /// What the runs so far took, and what they were expected to take.
    private var spent = (real: 0.0, expected: 0.0)

    package init(_ runs: [Run]) { self.runs = runs }

    /// - Parameter now: seconds on any clock that never goes back.
    package mutating func begin(at now: Double) {
        current = min((current ?? -1) + 1, max(runs.count - 1, 0))
        began = now
        phase = nil
        documents = nil
    }

    package mutating func show(_ progress: RunProgress) {
        switch progress {
        case .phase(let phase):
            self.phase = phase
            if phase != .workload { documents = nil }
        case .documents(let done, let all, let struck): documents = (done, all, struck)
        }
    }

    package mutating func end(_ verdict: Verdict, at now: Double) {
        verdicts.append(verdict)
        guard let current, runs.indices.contains(current) else { return }
        spent.real += now - began
        spent.expected += runs[current].expected
    }

    /// Seconds until all is done: what was expected, corrected by how the runs so far went.
    package func left(at now: Double) -> Double {
        guard let current, !runs.isEmpty else { return runs.reduce(0) { $0 + $1.expected } }
        let pace = spent.expected > 0 ? min(max(spent.real / spent.expected, 0.2), 5) : 1
        let later = runs.dropFirst(current + 1).reduce(0) { $0 + $1.expected } * pace
        guard verdicts.count <= current else { return later }
        return later + max(0, runs[current].expected * pace - (now - began))
    }

    /// Never wider than `width`, so that no line wraps.
    package func lines(width: Int, at now: Double) -> [String] {
        guard let current, runs.indices.contains(current) else { return [] }
        var lines = ["\(place)\(runs[current].name), \(Figures.clock(now - began)): \(doing)"]
        if runs.count > 1 { lines.append("\(counts), \(leftWords(at: now))") }
        return lines.map { Self.cut($0, to: width) }
    }

    /// What is under way, for an output where lines stay.
    package var plain: String {
        guard let current, runs.indices.contains(current) else { return "" }
        return "\(place)\(runs[current].name): \(doing)"
    }

    private var place: String { runs.count > 1 ? "[\((current ?? 0) + 1)/\(runs.count)] " : "" }

    private var doing: String {
        guard let phase else { return "beginning" }
        guard let documents else { return phase.words }
        return "\(documents.done) of \(documents.all) documents, faults struck \(documents.struck)"
    }

    private var counts: String {
        guard !verdicts.isEmpty else { return "no verdict yet" }
        return [Verdict.violated, .inconclusive, .held].compactMap { verdict in
            let count = verdicts.count { $0 == verdict }
            return count > 0 ? "\(count) \(verdict.rawValue)" : nil
        }.joined(separator: ", ")
    }

    private func leftWords(at now: Double) -> String {
        let left = left(at: now)
        return left < 1 ? "nearly done" : "about \(Figures.clock(left)) left"
    }

    private static func cut(_ line: String, to width: Int) -> String {
        guard line.count > width else { return line }
        return width < 2 ? "" : line.prefix(width - 1) + "…"
    }
}

extension RunPhase {
    /// What happens in it.
    package var words: String {
        switch self {
        case .preparing: "making and uploading documents"
        case .baseline: "baseline without faults"
        case .workload: "faults in force"
        case .healing: "faults healed"
        case .settling: "waiting for rest"
        case .checking: "reading the stores"
        case .cleaning: "deleting the run's data"
        }
    }
}

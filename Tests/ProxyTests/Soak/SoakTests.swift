import Faults
import Glibc
import Proxy
import Testing
import Wire

/// Load for a long time, through faults that a seed draws: not a byte may be lost, added or moved unless a fault says so.
///
/// `FAULTLINE_SOAK_SECONDS` says for how long, `FAULTLINE_SOAK_SEED` where to begin.
struct SoakTests {
    private static let environment = getEnvironment()
    private static let roundSeconds = 4

    private static func getEnvironment() -> (seconds: Int, seed: UInt64) {
        func number<Number: FixedWidthInteger>(_ name: String, _ type: Number.Type) -> Number? {
            getenv(name).flatMap { Number(String(cString: $0)) }
        }
        return (
            number("FAULTLINE_SOAK_SECONDS", Int.self) ?? 60,
            number("FAULTLINE_SOAK_SEED", UInt64.self) ?? 1
        )
    }

    @Test func nothingIsLostUnlessAFaultSaysSo() async throws {
        let (seconds, first) = Self.environment
        let rounds = max(1, seconds / Self.roundSeconds)
        print("soak: \(rounds) rounds of \(Self.roundSeconds) s, FAULTLINE_SOAK_SEED=\(first)")
        var total = SoakRound.Outcome(differences: [])
        for round in 0..<rounds {
            let seed = first &+ UInt64(round)
            // Each fourth on two loops; by the seed, so that a round can be run again.
            let threads = seed % 4 == 3 ? 2 : 1
            let outcome = try await SoakRound(
                seed: seed, duration: .seconds(Self.roundSeconds), threads: threads
            ).run()
            for difference in outcome.differences.prefix(10) {
                Issue.record("\(difference)\n    again: FAULTLINE_SOAK_SEED=\(seed) swift test --filter SoakTests")
            }
            if outcome.differences.count > 10 { Issue.record("and \(outcome.differences.count - 10) differences more") }
            total.streams += outcome.streams
            total.calls += outcome.calls
            total.bytes += outcome.bytes
            total.plans += outcome.plans
            total.longestTaking = max(total.longestTaking, outcome.longestTaking)
            total.strikes.merge(outcome.strikes, uniquingKeysWith: +)
        }
        print(
            "soak: \(total.streams) connections, \(total.calls) calls, \(total.bytes >> 20) MiB, \(total.plans) plans, in force after \(total.longestTaking) at most, strikes",
            total.strikes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        #expect(total.streams > 0 && total.calls > 0)
    }

    @Test func everyFaultIsDrawn() {
        let kinds = SoakFault.all.map(\.kind) + SoakFault.undrawn
        #expect(kinds.sorted() == FaultCatalogue.all.map { $0.kind }.sorted())
    }

    /// The soak can fail: a relay that does one thing wrong to one byte is found, at that byte.
    @Test(arguments: BrokenRelay.Flaw.allCases) func oneWrongByteIsFound(flaw: BrokenRelay.Flaw) async throws {
        let offset = 4321
        let round = SoakRound(
            seed: 7, duration: .seconds(1), callLanes: 1, appliesPlans: false, mayAbort: false,
            between: { try BrokenRelay(flaw, at: offset, to: $0) })
        let differences = try await round.run().differences
        let own = differences.filter { $0.direction == .request }
        // A byte that comes twice is the right one at first.
        let found = flaw == .duplicates ? offset + 1 : offset
        #expect(own.contains { $0.offset == found }, "\(differences.map(\.description))")
        #expect(Set(differences.map(\.id)).count == 1, "one connection alone: \(differences.map(\.description))")
    }
}

import Faults
import Testing

/// So many requests in a time, refilled evenly.
struct QuotaTests {
    private let quota = Quota(limit: 4, per: .seconds(8))

    @Test func itBeginsWholeAndIsUsedUp() {
        var wholeAt = Duration.zero
        let grants = (0..<6).map { _ in quota.take(&wholeAt, at: .seconds(10)) }
        #expect(grants.map(\.isAllowed) == [true, true, true, true, false, false])
        #expect(grants.map(\.remaining) == [3, 2, 1, 0, 0, 0])
        #expect(grants.map(\.next) == [.zero, .zero, .zero, .seconds(2), .seconds(2), .seconds(2)])
        #expect(grants.map(\.whole) == [2, 4, 6, 8, 8, 8].map { .seconds($0) })
    }

    @Test func itIsRefilledEvenly() {
        var wholeAt = Duration.zero
        for _ in 0..<4 { _ = quota.take(&wholeAt, at: .zero) }
        let early = quota.take(&wholeAt, at: .milliseconds(1999))
        #expect(
            early == Quota.Grant(isAllowed: false, remaining: 0, next: .milliseconds(1), whole: .milliseconds(6001)))
        let due = quota.take(&wholeAt, at: .seconds(2))
        #expect(due == Quota.Grant(isAllowed: true, remaining: 0, next: .seconds(2), whole: .seconds(8)))
        let later = quota.take(&wholeAt, at: .seconds(9))
        #expect(later.isAllowed && later.remaining == 2)
    }

    @Test func restEarnsNoMoreThanTheWhole() {
        var wholeAt = Duration.zero
        let grants = (0..<5).map { _ in quota.take(&wholeAt, at: .seconds(1_000_000)) }
        #expect(grants.map(\.isAllowed) == [true, true, true, true, false])
    }

    @Test func aQuotaThatDoesNotDivideItsTimeIsWholeAllTheSame() {
        let thirds = Quota(limit: 3, per: .seconds(1))
        var wholeAt = Duration.zero
        let grants = (0..<4).map { _ in thirds.take(&wholeAt, at: .zero) }
        #expect(grants.map(\.isAllowed) == [true, true, true, false])
        #expect(grants.map(\.remaining) == [2, 1, 0, 0])
    }
}

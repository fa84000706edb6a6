import Proxy
import Reports
import Testing

@Suite struct WireDigestTests {
    @Test func bucketsDoubleAndLoseNothing() {
        var series = ActivitySeries()
        for index in 0..<10_000 {
            series.add("s3", at: Int64(index) * 7_000_000, request: true, struck: index % 10 == 0)
        }
        let counts = series.counts(of: "s3")
        #expect(counts.requests.reduce(0, +) == 10_000)
        #expect(counts.struck.reduce(0, +) == 1000)
        #expect(series.count <= ActivitySeries.bucketsMax && series.count > ActivitySeries.bucketsMax / 2 - 1)
        #expect(Int64(series.count) * series.width >= 9_999 * 7_000_000)
        #expect(counts.requests.count == series.count)
    }

    @Test func linksShareTheirBuckets() {
        var series = ActivitySeries()
        series.add("a", at: 5_000_000_000, request: true, struck: false)
        series.add("b", at: 65_000_000_000, request: true, struck: false)
        series.add("a", at: 4_000_000_000, request: true, struck: false)
        #expect(series.counts(of: "a").requests.count == series.counts(of: "b").requests.count)
        #expect(series.counts(of: "a").requests[0] == 2)
        #expect(series.counts(of: "b").requests.last == 1)
        #expect(series.counts(of: "c").requests == [Int](repeating: 0, count: series.count))
    }

    private func trail(_ count: Int, struck: Set<Int>) -> [DocumentTrail.Row] {
        var trail = DocumentTrail()
        for index in 0..<count {
            trail.add(
                Sample.message("s3", 0, Double(index), "GetObject", key: "k", window: struck.contains(index) ? 1 : 0))
        }
        return trail.rows
    }

    @Test func aShortTrailIsShownWhole() {
        #expect(trail(14, struck: [3]).count == 14)
        #expect(trail(0, struck: []).isEmpty)
    }

    @Test func aLongTrailIsCutAroundWhatWasStruck() {
        let rows = trail(100, struck: [50])
        let times = rows.map { row -> Int64? in
            if case .event(let event) = row { return event.time / 1_000_000_000 }
            return nil
        }
        #expect(times == [nil, 49, 50, 51, nil])
        #expect(rows.first == .gap(49))
    }

    @Test func whatWasStruckIsShownWithItsOwnLinkAround() {
        var trail = DocumentTrail()
        for index in 0..<60 {
            let link = index % 3 == 0 ? "qdrant" : "postgres"
            trail.add(Sample.message(link, 0, Double(index), "Write", key: "k", window: index == 30 ? 1 : 0))
        }
        let times = trail.rows.compactMap { row -> Int64? in
            if case .event(let event) = row { return event.time / 1_000_000_000 }
            return nil
        }
        #expect(times == [27, 30, 33])
    }

    @Test func aTrailWithoutStrikesShowsItsEnds() {
        let rows = trail(100, struck: [])
        #expect(rows.count == 15 && rows[7] == .gap(86))
    }

    @Test func aVeryLongTrailSaysWhatItDoesNotHold() {
        let rows = trail(1000, struck: Set(0..<1000))
        #expect(rows.count < 30)
        #expect(rows.last == .gap(986))
    }
}

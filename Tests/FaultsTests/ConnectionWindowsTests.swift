import Faults
import Testing
import Wire

/// Windows that are asked about connections.
struct ConnectionWindowsTests {
    private func window(
        _ id: Int = 1, _ kind: String = "partition", _ options: KeyValuePairs<String, String> = [:],
        _ selector: Selector = Selector(), from: Duration = .zero, until: Duration? = nil
    ) throws -> Window {
        Window(
            id: id, link: "s3", selector: selector, fault: try Yaml.window(inject: kind, options).fault,
            opening: .at(from), closing: until.map { .at($0) } ?? .withPlan)
    }

    private func windows(_ windows: Window..., seed: UInt64 = 1) -> LinkWindows {
        LinkWindows(link: "s3").replaced(by: Plan(windows: windows, seed: seed))
    }

    private func connection(_ number: Int, open: Int = 1, isNew: Bool = true) -> ConnectionInSight {
        ConnectionInSight(number: number, open: open, isNew: isNew)
    }

    /// The windows that want something of the connection.
    private func asked(_ link: inout LinkWindows, _ number: Int, at time: Duration = .zero) -> [Int] {
        link.admit(connection(number), at: time).map(\.window)
    }

    @Test func eachConnectionIsAskedAboutOnce() throws {
        var link = windows(try window())
        let first = [asked(&link, 1), asked(&link, 1), asked(&link, 2)]
        #expect(first == [[1], [], [1]])
        #expect(link.progress(at: .zero)[1] == .init(matched: 2, struck: 0, opened: .zero))
        link.confirm(1, count: 2)
        #expect(link.strikes(of: 1) == 2)
    }

    @Test(arguments: [
        (Selector(nth: 2), [2]), (Selector(after: 2), [3, 4, 5, 6]), (Selector(first: 2), [1, 2]),
        (Selector(every: 2), [2, 4, 6]), (Selector(after: 1, every: 2, atMost: 1), [3]),
    ])
    func howOften(selector: Selector, expected: [Int]) throws {
        var link = windows(try window(1, "partition", [:], selector))
        #expect((1...6).filter { !asked(&link, $0).isEmpty } == expected)
    }

    @Test func connectionsThatAreLeftAloneUseUpNothing() throws {
        var link = windows(try window(1, "connection-limit", ["max": "2"], Selector(atMost: 2)))
        let turnedAway = [1, 2, 3, 2, 4, 5].enumerated().filter { turn, open in
            !link.admit(connection(turn + 1, open: open), at: .zero).isEmpty
        }
        #expect(turnedAway.map(\.element) == [3, 4])
    }

    @Test func severalWindowsAreAskedInTheirOrder() throws {
        var link = windows(
            try window(1, "slow-connect", ["delay": "1s"]), try window(2, "limit", ["bytes": "9B"]),
            try window(3, "slow-connect", ["delay": "2s"], Selector(nth: 2)))
        let intents = link.admit(connection(1), at: .zero)
        #expect(intents.map(\.window) == [1, 2])
        #expect(intents.map(\.intent) == [.dialLate(.seconds(1)), .limit(bytes: 9, nil)])
        #expect(asked(&link, 2) == [1, 2, 3])
    }

    @Test func aWindowThatOpensLaterAsksAboutThoseThatAreOpen() throws {
        var link = windows(try window(from: .seconds(1), until: .seconds(2)))
        #expect(!link.countsConnections(at: .zero))
        #expect(asked(&link, 1) == [])
        #expect(link.countsConnections(at: .seconds(1)))
        let late = [(1, 1), (2, 1), (3, 2)].map { asked(&link, $0, at: .seconds($1)) }
        #expect(late == [[1], [1], []])
        #expect(!link.countsConnections(at: .seconds(2)))
    }

    @Test func messagesAreNobodysBusiness() throws {
        var link = windows(try window())
        #expect(!link.hasOpenWindow(at: .zero))
        let message = Message(direction: .request, operation: "bytes")
        #expect(!link.mayStrike(message, at: .zero))
        let decision = link.decide(message, call: 1, connection: 1, at: .zero)
        #expect(decision.isUntouched)
        #expect(link.refusing(at: .zero).isEmpty)
    }

    @Test func chanceIsOfTheConnectionsNumber() throws {
        func chosen(_ numbers: [Int], seed: UInt64) throws -> Set<Int> {
            var link = windows(try window(1, "partition", [:], Selector(probability: 0.5)), seed: seed)
            return Set(numbers.filter { !asked(&link, $0).isEmpty })
        }
        let inOrder = try chosen(Array(1...200), seed: 1)
        #expect((70...130).contains(inOrder.count))
        #expect(try chosen((1...200).reversed(), seed: 1) == inOrder)
        #expect(try chosen(Array(1...200), seed: 2) != inOrder)
    }

    // MARK: From plan to plan

    @Test func aConnectionIsNotAskedAboutAgainByAWindowThatStands() throws {
        var link = windows(try window())
        _ = asked(&link, 1)
        link = link.replaced(by: Plan(windows: [try window(2), try window(1)], seed: 1))
        let again = [asked(&link, 1), asked(&link, 2)]
        #expect(again == [[2], [2, 1]])
        #expect(link.progress(at: .zero)[1]?.matched == 2)
    }

    /// A number that another window bears now must not go on with the former one's counts.
    @Test func aWindowThatStrikesSomethingElseBeginsAnew() throws {
        let third = Selector(nth: 1)
        var link = windows(try window(1, "limit", ["bytes": "1B"], third))
        #expect(asked(&link, 1) == [1])
        link.confirm(1)
        for changed in [
            try window(1, "limit", ["bytes": "2B"], third), try window(1, "limit", ["bytes": "2B"], Selector(nth: 2)),
            try window(1, "partition", [:], third),
        ] {
            link = link.replaced(by: Plan(windows: [changed], seed: 1))
            #expect(link.progress(at: .zero)[1] == .init(opened: .zero))
        }
        #expect(asked(&link, 1) == [1])
    }

    @Test func oneThatOnlyLastsLongerGoesOn() throws {
        var link = windows(try window(1, "partition", [:], Selector(first: 2), until: .seconds(1)))
        let before = asked(&link, 1)
        link = link.replaced(by: Plan(windows: [try window(1, "partition", [:], Selector(first: 2))], seed: 1))
        #expect([before, asked(&link, 2), asked(&link, 3)] == [[1], [1], []])
    }

    /// What is gone is forgotten; and ten thousand connections are no work for each of them.
    @Test func connectionsThatAreGoneLeaveNothingBehind() throws {
        var link = windows(
            try window(), try window(2, "latency", ["delay": "1s"], Selector(probability: 0.5, per: .connection)))
        let fresh = link
        let message = Message(direction: .request, operation: "bytes")
        for number in 1...20_000 {
            _ = asked(&link, number)
            _ = link.decide(message, call: UInt64(number), connection: number, at: .zero)
            if number > 10_000 { link.dismiss(number - 10_000) }
        }
        for number in 10_001...20_000 { link.dismiss(number) }
        #expect(link.remembered == fresh.remembered)
        #expect(link.progress(at: .zero)[1]?.matched == 20_000)
    }

    // MARK: Seeds of streams

    @Test func streamsHaveSeedsOfTheirOwn() throws {
        let (link, same) = (windows(try window(1), try window(2), seed: 5), windows(try window(1), seed: 5))
        var seeds: Set<UInt64> = []
        for id in 1...2 {
            for number in 1...50 {
                for direction in Direction.allCases {
                    let seed = link.seed(of: id, connection: number, direction: direction)
                    #expect(seed == same.seed(of: id, connection: number, direction: direction))
                    seeds.insert(seed)
                }
            }
        }
        #expect(seeds.count == 200)
        #expect(!seeds.contains(windows(seed: 6).seed(of: 1, connection: 1, direction: .request)))
    }

    // MARK: Listeners

    @Test func aFlappingLinkRefusesAndListens() throws {
        let link = windows(
            try window(1, "flap", ["up": "2s", "down": "1s"], from: .seconds(10), until: .milliseconds(15_500)))
        let moments: [Duration] = [
            .zero, .seconds(10), .seconds(12), .seconds(13), .seconds(15), .milliseconds(15_500),
        ]
        #expect(moments.map { !link.refusing(at: $0).isEmpty } == [false, false, true, false, true, false])
        #expect(link.refusing(at: .seconds(12)).map(\.resetsConnections) == [true])
        var (edges, time) = ([Duration](), Duration.zero)
        while let edge = link.nextEdge(after: time) { (edges, time) = (edges + [edge], edge) }
        #expect(
            edges == [.seconds(10), .seconds(12), .seconds(13), .seconds(15), .milliseconds(15_500)])
    }
}

import Faults
import Testing
import Wire

/// How often a window strikes: what is skipped, what chooses, and where it ends.
struct SelectorCountTests {
    private let request = Message(direction: .request, operation: "GetObject")

    private func windows(_ selector: Selector, _ kind: String = "reset", seed: UInt64 = 1) throws -> LinkWindows {
        let window = Window(id: 1, link: "s3", selector: selector, fault: try Yaml.window(inject: kind).fault)
        return LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: seed))
    }

    /// Which of so many messages, counting from 1, are struck.
    private func struck(_ selector: Selector, of count: Int) throws -> [Int] {
        var link = try windows(selector)
        return (1...count).filter { _ in !link.decide(request, call: 1, at: .zero).isUntouched }
    }

    @Test(arguments: [
        (Selector(after: 2), [3, 4, 5, 6, 7, 8, 9]),
        (Selector(every: 3), [3, 6, 9]),
        (Selector(every: 1), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (Selector(after: 2, nth: 2), [4]),
        (Selector(after: 2, first: 3), [3, 4, 5]),
        (Selector(after: 1, every: 4), [5, 9]),
        (Selector(atMost: 2), [1, 2]),
        (Selector(after: 3, atMost: 2), [4, 5]),
        (Selector(every: 2, atMost: 3), [2, 4, 6]),
        (Selector(first: 3, atMost: 2), [1, 2]),
        (Selector(after: 3, firstPerCall: 2), [4, 5]),
        (Selector(after: 20), []),
    ])
    func messages(selector: Selector, expected: [Int]) throws {
        #expect(try struck(selector, of: 9) == expected)
    }

    @Test func chanceComesBeforeTheEnd() throws {
        let all = try struck(Selector(probability: 0.3), of: 200)
        #expect(all.count > 20)
        #expect(try struck(Selector(probability: 0.3, atMost: 5), of: 200) == Array(all.prefix(5)))
    }

    /// What a window chose and what struck are two things where only the link knows whether anything was changed.
    @Test func anUncertainStrikeIsCountedWhenItIsConfirmed() throws {
        let window = Window(
            id: 1, link: "s3", selector: Selector(atMost: 2),
            fault: try Yaml.window(inject: "corrupt", ["rate": "1%"]).fault)
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        let chosen = (1...4).map { _ in !link.decide(request, call: 1, at: .zero).isUntouched }
        #expect(chosen == [true, true, false, false])
        #expect(link.progress(at: .zero)[1] == .init(matched: 4, struck: 0, opened: .zero))
        link.confirm(1)
        #expect(link.strikes(of: 1) == 1)
        link.confirm(2)
        #expect(link.strikes(of: 1) == 1, "another window's strike")
    }

    @Test func aFaultThatChangesNothingUsesUpNothing() throws {
        let window = Window(
            id: 1, link: "s3", selector: Selector(atMost: 1),
            fault: try Yaml.window(inject: "truncate", ["after": "10B"]).fault)
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        let lengths = [5, 10, 20, 30]
        let struck = lengths.filter { length in
            let answer = Message(direction: .response, operation: "GetObject", status: 200, bodyBytes: length)
            return !link.decide(answer, call: 1, at: .zero).isUntouched
        }
        #expect(struck == [20])
    }

    // MARK: Per connection

    private func admit(_ link: inout LinkWindows, _ numbers: ClosedRange<Int>) {
        for number in numbers {
            _ = link.admit(ConnectionInSight(number: number, open: number, isNew: true), at: .zero)
        }
    }

    /// Which of so many connections have their messages struck, the messages coming in any order.
    private func connections(_ selector: Selector, of count: Int, seed: UInt64 = 1) throws -> [Int] {
        var link = try windows(selector, seed: seed)
        admit(&link, 1...count)
        var struck: [Int: Set<Bool>] = [:]
        var random = SeededRandom(seed: 8)
        for connection in (Array(1...count) + Array(1...count)).shuffled(using: &random) {
            let decision = link.decide(request, call: UInt64(connection), connection: connection, at: .zero)
            struck[connection, default: []].insert(!decision.isUntouched)
        }
        #expect(struck.values.allSatisfy { $0.count == 1 }, "all messages of a connection meet the same")
        return (1...count).filter { struck[$0] == [true] }
    }

    @Test(arguments: [
        (Selector(per: .connection), [1, 2, 3, 4, 5, 6]),
        (Selector(nth: 2, per: .connection), [2]),
        (Selector(after: 1, first: 2, per: .connection), [2, 3]),
        (Selector(every: 3, per: .connection), [3, 6]),
        (Selector(after: 1, atMost: 3, per: .connection), [2, 3, 4]),
    ])
    func perConnection(selector: Selector, expected: [Int]) throws {
        #expect(try connections(selector, of: 6) == expected)
    }

    @Test func chanceOfAConnectionIsOfItsNumberAlone() throws {
        let half = Selector(probability: 0.5, per: .connection)
        let chosen = try connections(half, of: 200)
        #expect((70...130).contains(chosen.count))
        #expect(try connections(half, of: 200) == chosen)
        #expect(try connections(half, of: 200, seed: 2) != chosen)
    }

    @Test func onlyMatchingMessagesOfAChosenConnection() throws {
        var link = try windows(Selector(operation: Glob("Put*"), per: .connection))
        admit(&link, 1...1)
        let put = Message(direction: .request, operation: "PutObject")
        let outcomes = [request, put, request, put].map {
            !link.decide($0, call: 1, connection: 1, at: .zero).isUntouched
        }
        #expect(outcomes == [false, true, false, true])
        #expect(link.progress(at: .zero)[1] == .init(matched: 1, struck: 2, opened: .zero))
    }

    /// The window's turn is over for nobody: an idle connection that it chose is struck late.
    @Test func aChosenConnectionStaysSo() throws {
        var link = try windows(Selector(first: 1, per: .connection))
        admit(&link, 1...3)
        for connection in [3, 2, 1, 3, 1] {
            let isStruck = !link.decide(request, call: 9, connection: connection, at: .zero).isUntouched
            #expect(isStruck == (connection == 1))
        }
        let unknown = link.decide(request, call: 9, connection: 4, at: .zero)
        #expect(unknown.isUntouched)
    }
}

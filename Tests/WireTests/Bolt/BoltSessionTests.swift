import Testing
import Wire

/// Which answer belongs to which request, and what the server is believed to be in the middle of.
struct BoltSessionTests {
    /// A session, and what is told of it.
    struct Talk {
        var session = BoltSession()
        var count = 0
        /// A line a unit: the number of its transaction and its operation.
        var told: [String] = []
        var keys: [String] = [""]

        init(_ version: BoltVersion = BoltVersion(5, 4)) { session.version = version }

        /// What the client's message is, and it goes on.
        @discardableResult
        mutating func ask(_ tag: UInt8, _ fields: BoltValue...) -> BoltSession.Request {
            let request = session.request(tag, BoltTalk.content(tag, fields).span.bytes)
            guard case .unit(let unit) = request else { return request }
            count += 1
            told.append("\(unit.transaction) \(unit.operation)" + (session.refuses(unit) ? " refused" : ""))
            keys.append(unit.key)
            session.sent(unit.kind, exchange: count)
            return request
        }

        mutating func run(_ text: String, _ parameters: [String: BoltValue] = [:]) {
            ask(BoltTag.run, .string(text), .map(parameters), [:])
        }

        mutating func pull(_ number: Int = -1) -> BoltSession.Request {
            number < 0 ? ask(BoltTag.pull, ["n": -1]) : ask(BoltTag.pull, ["n": 2, "qid": .int(number)])
        }

        /// The exchange of the server's message, with `.` where the unit's answer ends and its code where it has one.
        mutating func answer(_ tag: UInt8, _ fields: BoltValue...) -> String {
            let answer = session.answer(tag, BoltTalk.content(tag, fields).span.bytes)
            return "\(answer.exchange)" + (answer.endsUnit ? "." : "") + (answer.isOwn ? "own" : "") + answer.code
        }

        mutating func success(_ metadata: BoltValue = [:]) -> String { answer(BoltTag.success, metadata) }
        mutating func record() -> String { answer(BoltTag.record, [1]) }
        mutating func ignored() -> String { answer(BoltTag.ignored) }
        mutating func failure(_ code: String = "Neo.TransientError.Transaction.Outdated") -> String {
            answer(BoltTag.failure, ["code": .string(code), "message": ""])
        }
    }

    private static let outdated = "Neo.TransientError.Transaction.Outdated"

    // MARK: Startup

    @Test func aStartupEndsWithItsLogon() {
        var talk = Talk()
        talk.ask(BoltTag.hello, [:])
        #expect(talk.ask(BoltTag.logon, [:]) == .more(exchange: 1))
        #expect([talk.success(), talk.success()] == ["1", "1."])
        #expect(talk.ask(BoltTag.logoff) == .aside)
        talk.ask(BoltTag.logon, [:])
        #expect([talk.success(), talk.success()] == ["0", "2."])
        #expect(talk.told == ["0 startup", "0 startup"])
    }

    @Test func aStartupBeforeThereWasLogonEndsWithHello() {
        for version in [BoltVersion(4, 4), BoltVersion(5, 0)] {
            var talk = Talk(version)
            talk.ask(BoltTag.hello, [:])
            #expect(talk.success() == "1.")
        }
    }

    @Test func aStartupThatFailsIsOver() {
        var talk = Talk()
        talk.ask(BoltTag.hello, [:])
        #expect(talk.failure("Neo.ClientError.Security.Unauthorized") == "1.Neo.ClientError.Security.Unauthorized")
    }

    // MARK: Units

    @Test func aQueryIsOneWithItsPulls() {
        var talk = Talk()
        talk.run("CREATE (n:Chunk)")
        #expect(talk.pull() == .more(exchange: 1))
        #expect([talk.success(["fields": []]), talk.record(), talk.success(["has_more": true])] == ["1", "1", "1"])
        _ = talk.pull()
        #expect([talk.record(), talk.success(["has_more": false])] == ["1", "1."])
        talk.run("MATCH (n:Chunk) RETURN n")
        talk.ask(BoltTag.discard, ["n": -1])
        #expect([talk.success(), talk.success()] == ["2", "2."])
        #expect(talk.told == ["1 CREATE Chunk", "2 MATCH Chunk"])
    }

    @Test func aTransactionHasOneNumber() {
        var talk = Talk()
        talk.run("RETURN 1")
        _ = talk.pull()
        talk.ask(BoltTag.begin, [:])
        talk.run("CREATE (n:Chunk)")
        _ = talk.pull()
        talk.ask(BoltTag.commit)
        talk.ask(BoltTag.begin, [:])
        talk.ask(BoltTag.rollback)
        talk.run("RETURN 2")
        talk.ask(BoltTag.route, [:], [], [:])
        #expect(
            talk.told == [
                "1 RETURN", "2 BEGIN", "2 CREATE Chunk", "2 COMMIT", "3 BEGIN", "3 ROLLBACK", "4 RETURN", "0 ROUTE",
            ])
        let answers = [
            talk.success(), talk.success(), talk.success(), talk.success(), talk.success(), talk.success(),
            talk.success(), talk.success(), talk.success(), talk.success(),
        ]
        #expect(answers == ["1", "1.", "2.", "3", "3.", "4.", "5.", "6.", "7", "8."])
    }

    /// Within a transaction several results are open, and asked for by their numbers.
    @Test func resultsAreToldApartByTheirNumbers() {
        var talk = Talk()
        talk.ask(BoltTag.begin, [:])
        talk.run("RETURN 1")
        talk.run("RETURN 2")
        let opened = [talk.success(), talk.success(["qid": 0]), talk.success(["qid": 1])]
        #expect(opened == ["1.", "2", "3"])
        #expect(talk.session.number(of: 2) == 0 && talk.session.number(of: 3) == 1)
        #expect(talk.pull(0) == .more(exchange: 2))
        #expect(talk.pull() == .more(exchange: 3))
        #expect(talk.pull(7) == .more(exchange: 0))
        #expect([talk.success(), talk.record(), talk.success(), talk.success()] == ["2.", "3", "3.", "0."])
    }

    // MARK: Failures

    @Test func afterAFailureAllIsIgnoredUntilReset() {
        var talk = Talk()
        talk.ask(BoltTag.begin, [:])
        talk.run("CREATE (n:Chunk)")
        _ = talk.pull()
        talk.ask(BoltTag.commit)
        #expect(
            [talk.success(), talk.failure(), talk.ignored(), talk.ignored()] == [
                "1.", "2.\(Self.outdated)", "2.", "3.",
            ])
        talk.run("RETURN 1")
        talk.ask(BoltTag.reset)
        talk.run("RETURN 2")
        #expect(talk.told[3...] == ["2 RETURN refused", "0 RESET refused", "3 RETURN"])
        #expect([talk.ignored(), talk.success(), talk.success()] == ["4.", "5.", "6"])
    }

    /// What is behind a RESET that the server has yet to read is no part of a failure before it.
    @Test func aFailureInFrontOfAResetIsOverWithIt() {
        var talk = Talk()
        talk.run("CREATE (n:Chunk)")
        _ = talk.pull()
        talk.ask(BoltTag.reset)
        #expect([talk.failure(), talk.ignored()] == ["1.\(Self.outdated)", "1."])
        talk.run("RETURN 1")
        #expect(talk.told.last == "2 RETURN")
        #expect([talk.success(), talk.success()] == ["2.", "3"])
    }

    /// A RESET pulls ahead: what the server had not begun is ignored.
    @Test func aResetPullsAhead() {
        var talk = Talk()
        talk.run("MATCH (n) RETURN n")
        _ = talk.pull()
        talk.ask(BoltTag.reset)
        #expect([talk.ignored(), talk.ignored(), talk.success()] == ["1.", "1.", "2."])
    }

    @Test func aQueryThatFailsInAUnitsPlaceMarksTheRestAsRefused() {
        var talk = Talk()
        let request = talk.session.request(BoltTag.begin, BoltTalk.content(BoltTag.begin, [[:]]).span.bytes)
        guard case .unit(let begin) = request else { return #expect(Bool(false)) }
        #expect(!talk.session.refuses(begin))
        talk.session.sentFailing(exchange: 1, isRun: false)
        talk.count = 1
        talk.run("CREATE (n:Chunk)")
        _ = talk.pull()
        #expect(talk.told == ["1 CREATE Chunk refused"])
        #expect([talk.failure(), talk.ignored(), talk.ignored()] == ["1.\(Self.outdated)", "2.", "2."])
    }

    @Test func theLinksOwnMessagesAreToldApart() {
        var talk = Talk()
        talk.run("CREATE (n:Chunk)")
        _ = talk.pull()
        #expect([talk.success(), talk.success()] == ["1", "1."])
        talk.session.sentAgain(exchange: 1)
        #expect([talk.success(), talk.record(), talk.success()] == ["1own", "1own", "1.own"])
    }

    @Test func theCodeOfAFailureHasAnotherNameSinceGQL() {
        var talk = Talk(BoltVersion(5, 8))
        talk.run("RETURN 1")
        let answer = talk.answer(
            BoltTag.failure, ["neo4j_code": "Neo.ClientError.Statement.SyntaxError", "gql_status": "42001"])
        #expect(answer == "1.Neo.ClientError.Statement.SyntaxError")
    }

    // MARK: Keys

    /// Bookmarks and time-outs change from one try to the next.
    @Test func aRetryHasTheKeyOfWhatItRepeats() {
        var talk = Talk()
        for (id, extra) in [(1, [:]), (1, ["bookmarks": ["a"]]), (2, [:])] as [(BoltValue, BoltValue)] {
            talk.ask(BoltTag.run, "CREATE (n:Chunk {id: $id})", ["id": id], extra)
        }
        #expect(talk.keys[1] == talk.keys[2] && talk.keys[1] != talk.keys[3])
        #expect(talk.keys[1].hasPrefix("#"))
    }

    // MARK: Nonsense

    @Test func queriesAndResultsWithoutNumberTakeBoundedMemory() {
        var talk = Talk()
        talk.ask(BoltTag.begin, [:])
        _ = talk.success()
        for number in 0..<3000 {
            talk.run("RETURN \(number)")
            _ = talk.success(["qid": .int(number)])
        }
        #expect(talk.session.number(of: 3001) == 2999 && talk.session.number(of: 2) == nil)
    }

    @Test func answersThatNobodyAskedForBelongToNothing() {
        var talk = Talk()
        #expect([talk.success(), talk.record(), talk.failure("x"), talk.ignored()] == ["0", "0", "0", "0"])
    }

    @Test func anyMessagesPass() {
        var state: UInt64 = 5
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<300 {
            var talk = Talk()
            for _ in 0..<200 {
                let tag = UInt8(random(0x80))
                let content = [0xB1, tag] + (0..<random(20)).map { _ in UInt8(random(256)) }
                if random(2) == 0 {
                    guard case .unit(let unit) = talk.session.request(tag, content.span.bytes) else { continue }
                    talk.count += 1
                    talk.session.sent(unit.kind, exchange: talk.count)
                } else {
                    #expect(talk.session.answer(tag, content.span.bytes).exchange <= talk.count)
                }
            }
        }
    }
}

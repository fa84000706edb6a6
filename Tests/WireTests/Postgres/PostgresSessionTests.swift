import Testing
import Wire

/// Which statement each message belongs to, and in which state the session is.
struct PostgresSessionTests {
    /// A session, and the exchanges that were begun in it.
    private struct Talk {
        var session = PostgresSession()
        var count = 0
        /// `3 INSERT t` for a unit with its transaction, `skipped`, `sync` where something says so.
        var told: [String] = []
        var keys: [String] = []

        mutating func ask(_ type: Character, _ body: String = "") {
            let bytes = PostgresTalk().message(type, body).bytes
            switch session.request(bytes[0], bytes.span.bytes, messageLength: bytes.count) {
            case .unit(let unit): begin(unit)
            case .sync(let unit):
                if let unit { begin(unit) } else { session.sentSync() }
            case .skipped: told.append("skipped")
            case .part, .other: break
            }
        }

        private mutating func begin(_ unit: PostgresSession.Unit) {
            let unit = session.numbered(unit)
            count += 1
            told.append("\(unit.transaction) \(unit.operation)")
            keys.append(unit.key)
            session.sent(unit.kind, exchange: count)
        }

        /// The exchange that each message belongs to, with `.` where its answer ends, and the state at ReadyForQuery.
        mutating func answers(_ messages: (Character, String)...) -> String {
            messages.map { type, body in
                let bytes = PostgresTalk().message(type, body).bytes
                let answer = session.answer(bytes[0], bytes.span.bytes)
                let end = answer.endsUnit ? "." : ""
                let code = answer.sqlstate.isEmpty ? "" : "=\(answer.sqlstate)"
                return "\(answer.exchange)\(end)\(code)"
            }.joined(separator: " ")
        }
    }

    private static func extended(_ talk: inout Talk, _ sql: String, parameters: String = "") {
        talk.ask("P", "~\(sql)~~~")
        talk.ask("B", "~~~~\(parameters)")
        talk.ask("D", "P~")
        talk.ask("E", "~~~~~")
    }

    @Test func aSimpleQueryEndsWithItsReady() {
        var talk = Talk()
        talk.ask("Q", "INSERT INTO t VALUES (1)~")
        #expect(talk.answers(("C", "INSERT 0 1~"), ("Z", "I")) == "1 1.")
        #expect(talk.session.isIdle && talk.session.state == .idle)
        talk.ask("Q", "BEGIN~")
        #expect(talk.answers(("C", "BEGIN~"), ("Z", "T")) == "2 2.")
        talk.ask("Q", "SELECT 1/0~")
        #expect(talk.answers(("E", "SERROR~C22012~~"), ("Z", "E")) == "3=22012 3.")
        #expect(talk.session.state == .failed)
        talk.ask("Q", "ROLLBACK~")
        #expect(talk.answers(("N", "~"), ("C", "ROLLBACK~"), ("Z", "I")) == "0 4 4.")
        talk.ask("Q", "SELECT 1~")
        #expect(talk.told == ["1 INSERT t", "2 BEGIN", "2 SELECT", "2 ROLLBACK", "3 SELECT"])
    }

    @Test func anExtendedStatementEndsWithItsCompletion() {
        var talk = Talk()
        Self.extended(&talk, "INSERT INTO t VALUES ($1)", parameters: "1")
        talk.ask("S")
        #expect(talk.answers(("1", ""), ("2", ""), ("n", ""), ("C", "INSERT 0 1~"), ("Z", "I")) == "1 1 1 1. 0")
        #expect(talk.session.isIdle)
        #expect(talk.told == ["1 INSERT t"])
    }

    @Test func aPreparedStatementKeepsItsText() {
        var talk = Talk()
        talk.ask("P", "insert~INSERT INTO t VALUES ($1)~~~")
        talk.ask("S")
        #expect(talk.answers(("1", ""), ("Z", "I")) == "1 1.")
        for parameters in ["a", "b", "a"] {
            talk.ask("B", "~insert~~~\(parameters)")
            talk.ask("E", "~~~~~")
            talk.ask("S")
        }
        #expect(talk.told == ["0 PREPARE INSERT t", "1 INSERT t", "2 INSERT t", "3 INSERT t"])
        #expect(talk.keys[1] == talk.keys[3] && talk.keys[1] != talk.keys[2])
        #expect(
            talk.answers(("2", ""), ("C", "~"), ("Z", "I"), ("2", ""), ("C", "~"), ("Z", "I")) == "2 2. 0 3 3. 0")
        talk.ask("C", "Sinsert~")
        talk.ask("B", "~insert~~~a")
        talk.ask("E", "~~~~~")
        #expect(talk.told.last == "4 EXECUTE")
    }

    /// A key is of the statement and its parameters, however they came.
    @Test func aRetryHasTheKeyOfWhatItRepeats() {
        var (one, other) = (Talk(), Talk())
        Self.extended(&one, "UPDATE t SET id = $1", parameters: "1")
        other.ask("P", "name~UPDATE t SET id = $1~~~")
        other.ask("B", "portal~name~~~1")
        other.ask("E", "portal~~~~~")
        #expect(one.keys == other.keys)
        var third = Talk()
        Self.extended(&third, "UPDATE t SET id = $1", parameters: "2")
        #expect(one.keys != third.keys)
    }

    @Test func afterAnErrorAllIsSkippedToTheSync() {
        var talk = Talk()
        Self.extended(&talk, "INSERT INTO a VALUES (1)")
        Self.extended(&talk, "INSERT INTO b VALUES (1)")
        Self.extended(&talk, "INSERT INTO c VALUES (1)")
        talk.ask("S")
        Self.extended(&talk, "INSERT INTO d VALUES (1)")
        talk.ask("S")
        #expect(talk.answers(("1", ""), ("2", ""), ("n", ""), ("C", "~")) == "1 1 1 1.")
        #expect(talk.answers(("1", ""), ("E", "C40001~~")) == "2 2.=40001")
        #expect(talk.answers(("Z", "I")) == "0")
        #expect(talk.answers(("1", ""), ("2", ""), ("n", ""), ("C", "~"), ("Z", "I")) == "4 4 4 4. 0")
        #expect(talk.session.isIdle)
    }

    @Test func whatFollowsAnErrorIsSkippedBeforeItsSyncIsSent() {
        var talk = Talk()
        talk.ask("P", "~nonsense~~~")
        #expect(talk.answers(("E", "C42601~~")).hasSuffix("=42601"))
        talk.ask("B", "~~~~")
        talk.ask("E", "~~~~~")
        talk.ask("S")
        #expect(talk.told == ["skipped", "skipped", "0 PREPARE OTHER"])
        #expect(talk.answers(("Z", "I")) == "1.")
        talk.ask("Q", "SELECT 1~")
        #expect(talk.told.last == "1 SELECT")
    }

    @Test func copyTakesItsDataBeforeItEnds() {
        var talk = Talk()
        talk.ask("Q", "COPY t FROM STDIN~")
        #expect(talk.answers(("G", "~~~")) == "1")
        for _ in 0..<3 { talk.ask("d", "1") }
        talk.ask("c")
        #expect(talk.answers(("C", "COPY 3~"), ("Z", "I")) == "1 1.")
        talk.ask("Q", "COPY t TO STDOUT~")
        #expect(talk.answers(("H", "~~~"), ("d", "1"), ("c", ""), ("C", "COPY 1~"), ("Z", "I")) == "2 2 2 2 2.")
        #expect(talk.told == ["1 COPY t", "2 COPY t"])
    }

    @Test func statementsWithoutNumberTakeBoundedMemory() {
        var talk = Talk()
        for number in 0..<25_000 {
            talk.ask("P", "s\(number)~SELECT 1~~~")
            talk.ask("S")
            _ = talk.answers(("1", ""), ("Z", "I"))
        }
        talk.ask("B", "~s24999~~~")
        talk.ask("E", "~~~~~")
        #expect(talk.told.last == "1 SELECT")
    }

    @Test func anyMessagesPass() {
        var state: UInt64 = 5
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let (asked, answered) = (Array("QPBDECSHFdcfpX~"), Array("123CDEGHIKNRSTVWZAcdnstv~"))
        for _ in 0..<300 {
            var talk = Talk()
            for _ in 0..<200 {
                let body = (0..<random(12)).map { _ in UInt8(random(4) == 0 ? 0 : random(256)) }
                let isRequest = random(2) == 0
                let type = isRequest ? asked[random(asked.count)] : answered[random(answered.count)]
                let bytes = PostgresTalk().message(type, body).bytes
                if isRequest {
                    talk.ask(type, String(decoding: body, as: UTF8.self))
                    talk.session.requestGoesOn(bytes.span.bytes)
                } else {
                    #expect(talk.session.answer(bytes[0], bytes.span.bytes).exchange <= talk.count)
                }
            }
        }
    }
}

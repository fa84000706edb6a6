import Testing
import Wire

/// What commands are called, and which answer belongs to which.
struct RedisSessionTests {
    /// A connection's two streams, as a session reads them.
    private final class Talk {
        private var session = RedisSession(RedisCommandTable())
        private var exchange = 0

        /// Has the client send commands as one types them.
        ///
        /// - Returns: for each its label, its keys and its transaction, and `silent` where it will not be answered.
        @discardableResult
        func ask(_ lines: String...) -> [String] {
            lines.map { line in
                let words = line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
                let text = "*\(words.count)~" + words.map { "$\($0.utf8.count)~\($0)~" }.joined()
                return ask(RedisTalk.bytes(text))
            }
        }

        func ask(_ bytes: [UInt8]) -> String {
            var decoder = RedisRequestDecoder()
            guard let piece = try? decoder.next(bytes.span.bytes) else { return "nothing" }
            let unit = session.request(piece, bytes.span.bytes)
            var keys: [String] = []
            unit.keys.forEach(in: bytes.span.bytes, argumentCount: unit.argumentCount) {
                keys.append(String(decoding: bytes[$0], as: UTF8.self))
            }
            #expect(String(decoding: bytes[unit.key], as: UTF8.self) == keys.first ?? "")
            exchange += 1
            let isAwaited = bytes[unit.key].withUnsafeBytes { session.sent(unit, exchange: exchange, key: $0) }
            let label = session.table.labels[unit.command]
            return "\(label) \(keys.joined(separator: ",")) \(unit.transaction)\(isAwaited ? "" : " silent")"
        }

        /// Has the server send messages.
        ///
        /// - Returns: for each the number of the command that it answers, with `...` where more of the answer is to come; else
        ///   `aside` or `stray`.
        func hear(_ text: String) -> [String] {
            var decoder = RedisAnswerDecoder()
            var bytes = RedisTalk.bytes(text)
            var lines: [String] = []
            while let piece = try? decoder.next(bytes.span.bytes, looksInto: session.looksIntoArrays) {
                bytes.removeFirst(piece.length)
                let number = session.first?.exchange ?? 0
                switch session.answer(piece) {
                case .aside: lines.append("aside")
                case .stray: lines.append("stray")
                case .first, .more:
                    let isWhole = session.answered(isError: piece.isError, integer: decoder.lastInteger)
                    if isWhole { session.dropFirst() }
                    lines.append("\(number)\(isWhole ? "" : "...")")
                }
            }
            return lines
        }

        var version: Int { session.version }
        var isInTransaction: Bool { session.isInTransaction }
        var open: Int { session.openCount }
        func refusesExec() -> Bool {
            let bytes = RedisTalk.command("EXEC")
            var decoder = RedisRequestDecoder()
            guard let piece = try? decoder.next(bytes.span.bytes) else { return false }
            return session.refuses(session.request(piece, bytes.span.bytes))
        }
    }

    @Test(arguments: [
        ("get k", "GET k"), ("SET k v EX 5", "SET k"), ("mset a 1 b 2 c 3", "MSET a,b,c"), ("DEL a b", "DEL a,b"),
        ("PING", "PING "),
        ("client setinfo lib-name x", "CLIENT SETINFO "), ("Config Get save", "CONFIG GET "), ("CLIENT", "CLIENT "),
        ("CLIENT NEW-THING", "CLIENT NEW-THING "), ("XGROUP CREATE s g $", "XGROUP CREATE s"),
        ("OBJECT ENCODING k", "OBJECT ENCODING k"),
        ("SCRIPT LOAD return", "SCRIPT LOAD "), ("COMMAND", "COMMAND "), ("COMMAND DOCS", "COMMAND DOCS "),
        ("EVAL s 2 a b c", "EVAL a,b"), ("evalsha x 0 a", "EVALSHA "), ("EVAL s 99 a", "EVAL a"),
        ("EVAL s x a", "EVAL "),
        ("FCALL f 1 a b", "FCALL a"), ("ZUNIONSTORE d 2 a b WEIGHTS 1 2", "ZUNIONSTORE d,a,b"),
        ("ZUNION 2 a b", "ZUNION a,b"),
        ("LMPOP 2 a b LEFT", "LMPOP a,b"), ("BLMPOP 0 2 a b LEFT", "BLMPOP a,b"), ("BLPOP a b 0", "BLPOP a,b"),
        ("XREAD COUNT 5 STREAMS a b 0 0", "XREAD a,b"), ("XREADGROUP GROUP g c streams a >", "XREADGROUP a"),
        ("SORT k BY x STORE d", "SORT k,d"), ("GEORADIUS k 1 2 3 m STOREDIST d", "GEORADIUS k,d"),
        ("BITOP AND d a b", "BITOP d,a,b"),
        ("MIGRATE h 1 k 0 5", "MIGRATE k"), ("MIGRATE h 1 '' 0 5 KEYS a b", "MIGRATE a,b"), ("COPY a b", "COPY a,b"),
        ("JSON.SET doc $ 1", "JSON.SET doc"), ("zremrangebyscore k 0 1", "ZREMRANGEBYSCORE k"),
        ("georadiusbymember_ro k m 1 km", "GEORADIUSBYMEMBER_RO k"), ("é x", "OTHER "), ("SUBSCRIBE a b", "SUBSCRIBE "),
    ])
    func labels(line: String, label: String) { #expect(Talk().ask(line) == ["\(label) 1"]) }

    @Test func inlineCommandsHaveTheirs() {
        #expect(Talk().ask(RedisTalk.bytes("set \"a b\" 'c'~")) == "SET a b 1")
        #expect(Talk().ask(RedisTalk.bytes("  mget a  b~")) == "MGET a,b 1")
    }

    /// However many names come, no more than so many are kept.
    @Test func namesThatNobodyKnowsAreLimited() {
        let talk = Talk()
        for number in 0..<5000 { talk.ask("X\(number)") }
        #expect(talk.ask("NEW k") == ["OTHER  5001"])
        #expect(talk.ask("GET k") == ["GET k 5002"])
    }

    @Test func aTransactionHasOneNumber() {
        let talk = Talk()
        #expect(
            talk.ask("WATCH k", "MULTI", "SET k v", "EXEC", "GET k", "MULTI", "DISCARD", "GET k")
                == ["WATCH k 1", "MULTI  2", "SET k 2", "EXEC  2", "GET k 3", "MULTI  4", "DISCARD  4", "GET k 5"])
        #expect(talk.hear("+OK~+OK~+QUEUED~*1~+OK~$1~v~") == ["1", "2", "3", "4", "5"])
    }

    @Test func aFailedMultiBeginsNothing() {
        let talk = Talk()
        talk.ask("MULTI")
        #expect(talk.isInTransaction)
        #expect(talk.hear("-NOAUTH Authentication required.~") == ["1"])
        #expect(!talk.isInTransaction)
        talk.ask("MULTI", "MULTI")
        #expect(talk.hear("+OK~-ERR MULTI calls can not be nested~") == ["2", "3"])
        #expect(talk.isInTransaction)
    }

    @Test func aRefusedCommandSpoilsItsTransaction() {
        let talk = Talk()
        talk.ask("MULTI", "NONSENSE", "SET k v")
        #expect(!talk.refusesExec())
        #expect(talk.hear("+OK~-ERR unknown command~+QUEUED~") == ["1", "2", "3"])
        #expect(talk.refusesExec())
        talk.ask("EXEC", "MULTI")
        #expect(!talk.refusesExec())
    }

    @Test func whatIsPublishedComesAside() {
        let talk = Talk()
        talk.ask("SUBSCRIBE a b", "PSUBSCRIBE p", "UNSUBSCRIBE", "PING")
        let confirmed = talk.hear("*3~$9~subscribe~$1~a~:1~*3~$9~subscribe~$1~b~:2~*3~$10~psubscribe~$1~p~:3~")
        #expect(confirmed == ["1...", "1", "2"])
        #expect(talk.hear("*3~$7~message~$1~a~$2~hi~*4~$8~pmessage~$1~p~$1~p~$0~~") == ["aside", "aside"])
        #expect(
            talk.hear("*3~$11~unsubscribe~$1~a~:2~*3~$7~message~$1~b~$1~x~*3~$11~unsubscribe~$1~b~:1~*2~$4~pong~$0~~")
                == ["3...", "aside", "3", "4"])
        talk.ask("PUNSUBSCRIBE", "UNSUBSCRIBE", "LRANGE l 0 -1")
        #expect(
            talk.hear("*3~$12~punsubscribe~$1~p~:0~*3~$11~unsubscribe~$-1~:0~*1~$7~message~") == ["5", "6", "7"])
        #expect(talk.open == 0)
    }

    @Test func pushesComeAside() {
        let talk = Talk()
        talk.ask("HELLO 3", "GET k", "SUBSCRIBE a b", "GET k")
        #expect(talk.hear("%1~$5~proto~:3~>2~$10~invalidate~*1~$1~k~$1~v~") == ["1", "aside", "2"])
        #expect(talk.version == 3)
        #expect(
            talk.hear(">3~$9~subscribe~$1~a~:1~>3~$7~message~$1~a~$1~x~>3~$9~subscribe~$1~b~:2~*1~$7~message~")
                == ["3...", "aside", "3", "4"])
        talk.ask("RESET", "HELLO 9", "GET k")
        #expect(talk.hear("+RESET~-NOPROTO unsupported protocol version~$-1~") == ["5", "6", "7"])
        #expect(talk.version == 2)
    }

    @Test func aSubscriptionThatFailsIsAnswered() {
        let talk = Talk()
        talk.ask("SUBSCRIBE a b c", "PING")
        #expect(talk.hear("-NOPERM no~+PONG~") == ["1", "2"])
    }

    @Test func monitoringComesAside() {
        let talk = Talk()
        talk.ask("MONITOR", "PING")
        #expect(talk.hear("+OK~+1339518083.107412 [0 127.0.0.1:6] \"keys\"~+PONG~") == ["1", "aside", "2"])
    }

    @Test func whatIsSilentIsNotAwaited() {
        let talk = Talk()
        #expect(
            talk.ask(
                "CLIENT REPLY SKIP", "SET a 1", "SET b 1", "CLIENT REPLY OFF", "GET a", "CLIENT REPLY SKIP",
                "CLIENT REPLY ON", "GET a")
                == [
                    "CLIENT REPLY  1 silent", "SET a 2 silent", "SET b 3", "CLIENT REPLY  4 silent", "GET a 5 silent",
                    "CLIENT REPLY  6 silent", "CLIENT REPLY  7", "GET a 8",
                ])
        #expect(talk.hear("+OK~+OK~$1~1~") == ["3", "7", "8"])
        #expect(
            talk.ask("CLIENT REPLY NONSENSE", "CLIENT REPLY OFF", "RESET", "QUIT", "PING").map {
                $0.hasSuffix("silent")
            } == [false, true, false, false, true])
    }

    @Test func whoAwaitsNothingIsTold() {
        let talk = Talk()
        #expect(talk.hear("-ERR max number of clients reached~:1~") == ["stray", "stray"])
    }

    /// What waits is found again, however much of it there is.
    @Test func aLongPipeline() {
        let talk = Talk()
        for number in 0..<3000 { talk.ask("SET key-\(number) v") }
        #expect(talk.open == 3000)
        #expect(talk.hear(String(repeating: "+OK~", count: 2999)).last == "2999")
        for _ in 0..<100 { talk.ask("GET \(String(repeating: "k", count: 1000))") }
        #expect(talk.hear(String(repeating: "+OK~", count: 101)).last == "3100")
        #expect(talk.open == 0)
    }
}

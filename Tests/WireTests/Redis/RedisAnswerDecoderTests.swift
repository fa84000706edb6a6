import Testing
import Wire

/// Where the messages of a server begin and end, in both protocols.
struct RedisAnswerDecoderTests {
    private static let long = String(repeating: "y", count: 300)

    /// What the server sends, and what is found.
    private static let cases: [(text: String, found: String)] = [
        ("+OK~", "+ OK of 5"), ("-ERR no~", "- ERR of 9"), ("-LOADING Redis is~", "- LOADING of 19"),
        ("-no code~", "-  of 10"),
        ("+\(long)~", "+ yyyyyyyy"), (":12~", ": of 5"), (":-9223372036854775808~", ": of 23"), ("$3~abc~", "$ of 9"),
        ("$0~~", "$ of 6"), ("$-1~", "$ null of 5"), ("*-1~", "* null"), ("*0~", "*"), ("_~", "_ null of 3"),
        ("#t~", "# of 4"),
        ("#f~", "# of 4"), (",1.5e-3~", ", of 9"), (",inf~", ", of 6"), ("(34928903284092385094385094~", "("),
        ("=7~txt:abc~", "= of 13"), ("!10~SYNTAX bad~", "! SYNTAX of 17"), ("*3~:1~$2~ab~*2~+a~_~", "*"),
        ("%2~+a~:1~+b~*1~:2~", "%"), ("~3~:1~:2~#t~", "~"), ("|1~+ttl~:3~+OK~", "|, + OK of 5"),
        ("|1~+a~|1~+b~:1~:2~-ERR x~", "|, - ERR of 8"), ("|0~$-1~", "|, $ null of 5"), (">2~+message~:1~", "> message"),
        (">3~$9~subscribe~$1~c~:1~", "> subscrib"), ("$?~;4~Hell~;1~o~;0~", "$"), ("*?~:1~*?~.~$?~;0~.~", "*"),
        ("%?~+a~:1~.~", "%"),
        ("*2~*?~:1~*2~:1~:2~.~:3~", "*"), ("*2~|1~+a~+b~:1~:2~", "*"), ("*1~%1~+k~*1~|1~+a~*0~:1~", "*"),
    ].map { ($0.0.replacing(/^~/, with: "\u{7E}"), $0.1) }

    /// The set's own sign is the one that stands for the end of a line here.
    private static func bytes(_ text: String) -> [UInt8] {
        text.hasPrefix("~") ? [0x7E] + RedisTalk.bytes(String(text.dropFirst())) : RedisTalk.bytes(text)
    }

    private static let stream = cases.flatMap { bytes($0.text) }
    private static let found = cases.map { "\($0.found): \(bytes($0.text).count)" }

    @Test func eachMessageIsFound() { #expect(RedisTalk.answers(Self.stream) == Self.found) }

    @Test func theSameWhereverItIsCut() {
        let drip = Array(1..<Self.stream.count)
        #expect(RedisTalk.answers(Self.stream, cutAt: drip) == Self.found)
        for cut in drip { #expect(RedisTalk.answers(Self.stream, cutAt: [cut]) == Self.found, "cut at \(cut)") }
    }

    @Test func anArrayTellsItsFirstWordWhereSomebodyAsks() {
        let bytes = RedisTalk.bytes("*3~$7~message~$1~c~$2~hi~*2~:1~:2~*1~$-1~*2~+pong~$0~~")
        let found = ["* message: 32", "*: 12", "*: 9", "* pong: 17"]
        for cuts in [[], Array(1..<bytes.count)] {
            #expect(RedisTalk.answers(bytes, cutAt: cuts, looksInto: true) == found)
        }
    }

    @Test(arguments: [
        "x~", "OK~", ":~", ":a~", ":1 ~", ":12345678901234567890~", "$a~", "$-2~", "$4294967296~", "$3~abcd~",
        "$3~abc\rx", "*-2~",
        "*4294967296~", "*18446744073709551616~", "%-1~", "=-1~", "!-1~", "_a~", "#x~", "#tt~", ",~", "+a\nb~",
        "+a\rb~", "-a\rb~",
        ".~", "*1~.~", "*?~*1~.~", "$?~:1~", "$?~;-1~", "$?a~", "*?a~", ";1~a~", "\u{0}",
    ])
    func whatIsNoMessage(text: String) {
        let bytes = RedisTalk.bytes("+OK~" + text + "+OK~")
        #expect(RedisTalk.answers(bytes) == ["+ OK of 5: 5", "!"])
        #expect(RedisTalk.answers(bytes, cutAt: Array(1..<bytes.count)) == ["+ OK of 5: 5", "!"])
    }

    /// A million values within each other cost no more than one.
    @Test func depthCostsNothing() throws {
        let bytes = RedisTalk.bytes(String(repeating: "*2~:0~", count: 1_000_000) + "*0~")
        #expect(
            RedisTalk.answers(bytes, cutAt: Array(stride(from: 1, to: bytes.count, by: 65_521))) == [
                "*: \(bytes.count)"
            ])
    }

    /// Only those whose length their end tells are counted one by one, so no more than a few may be within each other.
    @Test func depthOfWhatStreamsIsLimited() {
        func nested(_ depth: Int) -> [UInt8] {
            RedisTalk.bytes(String(repeating: "*?~", count: depth) + String(repeating: ".~", count: depth))
        }
        #expect(RedisTalk.answers(nested(32)) == ["*: \(32 * 7)"])
        #expect(RedisTalk.answers(nested(33)).last == "!")
        let mixed = RedisTalk.bytes(String(repeating: "*?~*1~", count: 100_000))
        #expect(RedisTalk.answers(mixed) == ["!"])
    }

    @Test func countsDoNotOverflow() {
        // Each holds as many as there may be.
        let bytes = RedisTalk.bytes(String(repeating: "*4294967295~", count: 100_000))
        #expect(RedisTalk.answers(bytes) == ["*: \(bytes.count) ..."])
    }

    @Test func aHugeStringStreams() throws {
        var decoder = RedisAnswerDecoder()
        let head = RedisTalk.bytes("$4294967295~abc")
        let piece = try #require(try decoder.next(head.span.bytes))
        #expect(piece.length == head.count && !piece.endsMessage && piece.messageLength == 13 + 4_294_967_295 + 2)
        let rest = try #require(try decoder.next([UInt8](1...2).span.bytes))
        #expect(rest.kind == .rest && rest.length == 2)
    }
}

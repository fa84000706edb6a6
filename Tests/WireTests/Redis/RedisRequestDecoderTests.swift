import Testing
import Wire

/// Where commands begin and end.
struct RedisRequestDecoderTests {
    private static let stream =
        RedisTalk.command("SET", "key", "value") + RedisTalk.bytes("~PING~set  'a b'\t\"c\\\"d\" ~")
        + RedisTalk.command("get", "")
        + RedisTalk.bytes("*0~*-1~") + RedisTalk.command("MSET", "a", "1", "b", String(repeating: "x", count: 300))
        + RedisTalk.command("X")

    private static let found = [
        "SET 3: 33", "nothing: 2", "PING 1: 6", "set 3: 20", "get 2: 19", "nothing: 4", "nothing: 5", "MSET 5: 343",
        "X 1: 11",
    ]

    @Test func eachCommandIsFound() { #expect(RedisTalk.requests(Self.stream) == Self.found) }

    @Test func theSameWhereverItIsCut() {
        let drip = Array(1..<Self.stream.count)
        #expect(RedisTalk.requests(Self.stream, cutAt: drip) == Self.found)
        for cut in drip { #expect(RedisTalk.requests(Self.stream, cutAt: [cut]) == Self.found, "cut at \(cut)") }
    }

    /// Numbers as no server takes them.
    @Test(arguments: [
        "*a~", "*~", "*1 ~", "*01~", "*99999999999999999999~", "*2147483648~", "*1~:1~", "*1~$-1~", "*1~$a~", "*1~$~",
        "*1~$01~x~", "*1~$4294967296~", "*1~$18446744073709551616~", "*1~$3~SETx~", "*1~$3~SET\rx", "*1\n$3~SET~",
        "\u{16}\u{3}\u{1}", "say \"no end~", "say \"a\"b~",
    ])
    func whatIsNoCommand(text: String) {
        let bytes = RedisTalk.command("PING") + RedisTalk.bytes(text) + RedisTalk.command("PING")
        #expect(RedisTalk.requests(bytes) == ["PING 1: 14", "!"])
        #expect(RedisTalk.requests(bytes, cutAt: Array(1..<bytes.count)) == ["PING 1: 14", "!"])
    }

    /// However long an argument is, only the command's beginning is waited for.
    @Test func aHugeArgumentStreams() throws {
        let seen = RedisRequestDecoder.lookedAt
        let head = RedisTalk.bytes("*3~$3~SET~$1~k~$4294967295~")
        var decoder = RedisRequestDecoder()
        #expect(try decoder.next((head + Array(repeating: 1, count: seen - head.count - 1)).span.bytes) == nil)
        let bytes = head + Array(repeating: 1, count: seen)
        let piece = try #require(try decoder.next(bytes.span.bytes))
        #expect(piece.length == bytes.count && !piece.endsMessage && piece.argumentCount == 3)
        #expect(!decoder.isBetweenMessages)
        let rest = try #require(try decoder.next([UInt8](1...3).span.bytes))
        #expect(rest.kind == .rest && rest.length == 3 && !rest.endsMessage)
    }

    @Test func aByteOfNothingEndsALine() {
        #expect(RedisTalk.requests(RedisTalk.bytes("get a\u{0}b c~\u{20}\u{0}~")) == ["get 2: 11", "nothing: 4"])
    }

    @Test func aCommandOfManyArgumentsStreams() {
        let bytes = RedisTalk.bytes("*5001~$3~DEL~" + String(repeating: "$3~key~", count: 5000))
        #expect(RedisTalk.requests(bytes) == ["DEL 5001: \(bytes.count)"])
        #expect(
            RedisTalk.requests(bytes, cutAt: Array(stride(from: 7, to: bytes.count, by: 911))) == [
                "DEL 5001: \(bytes.count)"
            ])
    }

    @Test func aLineWithoutAnEndIsNoCommand() {
        #expect(RedisTalk.requests(Array(repeating: UInt8(ascii: "a"), count: 65_535)) == [])
        #expect(RedisTalk.requests(Array(repeating: UInt8(ascii: "a"), count: 65_536)) == ["!"])
    }

    @Test func randomBytesNeverBreakIt() {
        var state: UInt64 = 7
        func random() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }
        let alphabet = Array("*$0123\r\nab '\"-".utf8)
        for _ in 0..<5000 {
            let bytes = (0..<40).map { _ in alphabet[random() % alphabet.count] }
            let drip = Array(1..<bytes.count)
            #expect(RedisTalk.requests(bytes) == RedisTalk.requests(bytes, cutAt: drip))
            #expect(RedisTalk.answers(bytes) == RedisTalk.answers(bytes, cutAt: drip))
        }
    }
}

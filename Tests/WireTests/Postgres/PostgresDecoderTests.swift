import Testing
import Wire

/// Where PostgreSQL's messages begin and end.
struct PostgresDecoderTests {
    private static let session = PostgresTalk()
        .startup(PostgresStartup.ssl).startup(PostgresStartup.gss).startup(196_608, "user~me~database~db~~")
        .message("p", "secret~").message("Q", "SELECT 1~").message("P", "s~INSERT INTO t VALUES ($1)~~~")
        .message("B", "~s~~~~~~~~").message("E", "~~~~~").message("S").message("d", String(repeating: "x", count: 3000))
        .message("c").message("X")

    private static let answers = PostgresTalk()
        .message("R", "~~~~").message("S", "a~b~").message("K", "12345678").message("Z", "I").message("T", "~~")
        .message("D", String(repeating: "y", count: 9000)).message("C", "SELECT 1~").message("N", "Mhm~~")
        .message("E", "SERROR~C40001~~").message("Z", "E")

    @Test func eachMessageIsFound() {
        #expect(
            PostgresTalk.lines(.request, Self.session.bytes) == [
                "startup 80877103 8", "startup 80877104 8", "startup 196608 29", "p 12", "Q 14", "P 35", "B 15", "E 10",
                "S 5", "d 3005", "c 5", "X 5",
            ])
        #expect(
            PostgresTalk.lines(.response, Self.answers.bytes) == [
                "R 9", "S 9", "K 13", "Z 6", "T 7", "D 9005", "C 14", "N 10", "E 20", "Z 6",
            ])
    }

    @Test func theSameWhereverItIsCut() {
        for (direction, talk) in [(Direction.request, Self.session), (.response, Self.answers)] {
            let expected = PostgresTalk.lines(direction, talk.bytes)
            let drip = Array(1..<talk.bytes.count)
            #expect(PostgresTalk.lines(direction, talk.bytes, cutAt: drip) == expected)
            for cut in drip {
                #expect(PostgresTalk.lines(direction, talk.bytes, cutAt: [cut]) == expected, "cut at \(cut)")
            }
        }
    }

    /// What is there of a stream that ends anywhere is found, and no more.
    @Test func aStreamThatEndsAnywhere() {
        let bytes = Self.session.bytes
        let whole = PostgresTalk.lines(.request, bytes)
        for count in 0..<bytes.count {
            let lines = PostgresTalk.lines(.request, Array(bytes[..<count]))
            #expect(lines.count <= whole.count)
            for (line, expected) in zip(lines, whole) { #expect(line == expected || line == expected + " ...") }
        }
    }

    @Test(arguments: [Int32(-1), 0, 1, 3, .min, .max, 0x4000_0000]) func lengthsThatCannotBe(length: Int32) {
        let talk = PostgresTalk().message("Z", "I").head("D", length: length).raw([0, 0, 0, 0, 0, 0])
        #expect(PostgresTalk.lines(.response, talk.bytes) == ["Z 6", "!"])
        let drip = Array(1..<talk.bytes.count)
        #expect(PostgresTalk.lines(.response, talk.bytes, cutAt: drip) == ["Z 6", "!"])
    }

    @Test(arguments: [Int32(-1), 0, 4, 7, 10_001, .max, .min]) func lengthsOfTheStartUpThatCannotBe(length: Int32) {
        let talk = PostgresTalk().number(length).number(196_608).raw([0, 0, 0, 0])
        #expect(PostgresTalk.lines(.request, talk.bytes) == ["!"])
    }

    @Test(arguments: [UInt8(0), 10, 32, 127, 128, 255]) func typesThatCannotBe(type: UInt8) {
        let talk = PostgresTalk().startup(196_608, "user~me~~").raw([type]).number(4)
        #expect(PostgresTalk.lines(.request, talk.bytes) == ["startup 196608 17", "!"])
    }

    @Test func aTypeThatNobodyKnowsPasses() {
        let talk = PostgresTalk().message("~", "what").message("y", "").message("Z", "I")
        #expect(PostgresTalk.lines(.response, talk.bytes) == ["~ 9", "y 5", "Z 6"])
    }

    /// However long a message is, only its beginning is waited for.
    @Test func aHugeMessageStreams() throws {
        let seen = PostgresDecoder.lookedAt
        var decoder = PostgresDecoder(.response)
        let head = PostgresTalk().head("D", length: 0x3FFF_FFFF).raw(Array(repeating: 1, count: 10)).bytes
        let piece = try #require(try next(&decoder, head))
        #expect(piece.length == 15 && piece.messageLength == 0x4000_0000 && !piece.endsMessage)
        #expect(!decoder.isBetweenMessages)
        var asking = PostgresDecoder(.request)
        _ = try next(&asking, PostgresTalk().startup(196_608, "user~me~~").bytes)
        let query = PostgresTalk().message("Q", String(repeating: "q", count: 100_000)).bytes
        #expect(try next(&asking, Array(query.prefix(seen - 1))) == nil)
        #expect(try next(&asking, Array(query.prefix(seen)))?.length == seen)
    }

    private func next(_ decoder: inout PostgresDecoder, _ bytes: [UInt8]) throws(WireError) -> PostgresDecoder.Piece? {
        try decoder.next(bytes.span.bytes)
    }

    @Test func randomBytesNeverBreakIt() {
        var state: UInt64 = 11
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<3000 {
            let bytes = (0..<60).map { _ in random() % 3 == 0 ? UInt8(0) : UInt8(truncatingIfNeeded: random()) }
            for direction in [Direction.request, .response] {
                let whole = PostgresTalk.lines(direction, bytes)
                let drip = PostgresTalk.lines(direction, bytes, cutAt: Array(1..<bytes.count))
                #expect(whole == drip)
            }
        }
    }
}

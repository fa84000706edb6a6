import Testing
import Wire

/// The hash that tells calls apart by their bodies.
struct BodyHashTests {
    private func key(_ parts: [[UInt8]]) -> String {
        var hash = BodyHash()
        for part in parts { hash.mix(part.span.bytes) }
        return hash.key
    }

    /// Numbers that may be in somebody's saved history: they must not change.
    @Test(arguments: [
        ("", "#1c77bf2c8948f5d6"), ("hello", "#f812023af1118b9f"),
        ("a body of more than one word", "#ecc5466ad0669654"),
    ]) func aKeyIsTheSameEverywhere(body: String, expected: String) {
        #expect(key([Array(body.utf8)]) == expected)
    }

    @Test func theSameWhereverItIsCut() {
        let body = (0..<41).map { UInt8($0 * 7 % 251) }
        let whole = key([body])
        for first in 0...body.count {
            for second in first...body.count {
                #expect(key([Array(body[..<first]), Array(body[first..<second]), Array(body[second...])]) == whole)
            }
        }
        #expect(key(body.map { [$0] }) == whole)
    }

    @Test func everyByteAndTheLengthCount() {
        let body = [UInt8](repeating: 0, count: 24)
        var keys: Set<String> = [key([body])]
        for index in body.indices {
            var other = body
            other[index] = 1
            keys.insert(key([other]))
        }
        for length in 0..<24 { keys.insert(key([Array(body[..<length])])) }
        #expect(keys.count == 49)
        #expect(keys.allSatisfy { $0.wholeMatch(of: /#[0-9a-f]{16}/) != nil })
    }
}

/// Looking through a body before its head is passed on.
struct HTTPBodyAheadTests {
    private func ahead(_ text: String, bytesMax: Int = 1 << 20) throws -> (HTTPBodyAhead, [UInt8]) {
        let bytes = DecoderCase.encoded(text)
        var decoder = HTTPDecoder(.request)
        let piece = try #require(try decoder.next(bytes.span.bytes))
        return (HTTPBodyAhead(piece, decoder, bytesMax: bytesMax), bytes)
    }

    @Test(arguments: [
        "POST / HTTP/1.1~Content-Length: 10~~0123456789GET / HTTP/1.1~~",
        "POST / HTTP/1.1~Transfer-Encoding: chunked~~3~abc~0~~GET",
    ]) func theBodyAloneIsHashedHoweverItArrives(text: String) throws {
        let (fresh, bytes) = try ahead(text)
        let end = text.contains("chunked") ? bytes.count - 3 : bytes.count - 18
        var hash = BodyHash()
        hash.mix(bytes.span.bytes.extracting(fresh.piece.length..<end))
        for step in [1, 4, bytes.count] {
            var (ahead, told) = (fresh, false)
            for count in stride(from: ahead.piece.length, to: end + step, by: step) where !told {
                #expect(ahead.key == nil)
                told = ahead.look(bytes.span.bytes.extracting(0..<min(count, bytes.count)))
                #expect(told == (count >= end))
            }
            #expect(ahead.key == hash.key)
        }
    }

    @Test func aBodyThatIsTooLongIsNotWaitedFor() throws {
        var (ahead, bytes) = try ahead("POST / HTTP/1.1~Content-Length: 100~~0123456789", bytesMax: 9)
        let isTold = ahead.look(bytes.span.bytes)
        #expect(isTold && ahead.key == nil)
    }

    @Test func aBodyThatIsNoneIsNotWaitedFor() throws {
        var (ahead, bytes) = try ahead("POST / HTTP/1.1~Transfer-Encoding: chunked~~zz~")
        let isTold = ahead.look(bytes.span.bytes)
        #expect(isTold && ahead.key == nil)
    }
}

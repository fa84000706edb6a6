import Testing
import Wire

/// A head may not ask for memory without end.
struct HTTPHeadLimitTests {
    private static let limit = 100

    private func head(of length: Int) -> [UInt8] {
        let rest = "GET / HTTP/1.1\r\nX: \r\n\r\n".utf8.count
        return Array("GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: length - rest))\r\n\r\n".utf8)
    }

    @Test(arguments: [99, 100, 101, 102, 300], [1, 7, 64, 1000]) func theLimitIsTheSameHoweverItArrives(
        length: Int, step: Int
    ) {
        var transcript = Transcript(.request, headBytesMax: Self.limit)
        let bytes = head(of: length)
        transcript.feed(bytes, cutAt: stride(from: step, to: bytes.count, by: step))
        #expect(transcript.lines == [length <= Self.limit ? "GET / []" : "! a head of over 100 bytes"])
    }

    @Test func bodiesAreNotLimited() {
        var transcript = Transcript(.request, headBytesMax: Self.limit)
        let bytes = Array("POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n".utf8) + Array(repeating: 0x61, count: 5000)
        transcript.feed(bytes, cutAt: stride(from: 50, to: bytes.count, by: 50))
        #expect(transcript.lines.count == 1)
        #expect(transcript.lines.first?.hasSuffix("a]") == true)
        #expect(transcript.taken == bytes.count)
    }

    @Test func emptyLinesAreNoMessageBegun() throws {
        var decoder = HTTPDecoder(.request)
        let blank = Array("\r\n".utf8)
        #expect(try decoder.next(blank.span.bytes) == nil)
        #expect(decoder.isBetweenMessages)
        let begun = Array("\r\nGE".utf8)
        #expect(try decoder.next(begun.span.bytes) == nil)
        #expect(!decoder.isBetweenMessages)
    }
}

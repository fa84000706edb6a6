import Testing
import Wire

/// What a head says beside where its body ends.
struct HTTPHeadTests {
    private func head(_ text: String) throws -> HTTPHead {
        let bytes = DecoderCase.encoded(text)
        return try HTTPHeadParser.parse(bytes.span.bytes)
    }

    @Test(arguments: [
        ("Connection: close", true), ("connection: CLOSE", true), ("Connection: keep-alive, close", true),
        ("Connection: keep-alive", false), ("X-Connection: close", false),
    ]) func askingToClose(line: String, expected: Bool) throws {
        #expect(try head("GET / HTTP/1.1~\(line)~~").asksToClose == expected)
    }

    @Test(arguments: [
        ("Expect: 100-continue", true), ("EXPECT: 100-Continue", true), ("Expect: something", false),
    ]) func expectingContinue(line: String, expected: Bool) throws {
        #expect(try head("PUT / HTTP/1.1~\(line)~~").expectsContinue == expected)
    }

    @Test(
        arguments: [
            ("Retry-After: 2", 2000), ("retry-after:  120 ", 120_000), ("Retry-After: 0", 0),
            ("Retry-After: 0.25", 250),
            ("Retry-After: 1.23456", 1234), ("Retry-After: Tue, 24 Nov 2026 14:10:50 GMT", nil),
            ("Retry-After: -1", nil),
            ("Retry-After:", nil), ("Retry-After: 1.", nil), ("Retry-After: .5", nil),
            ("Retry-After: 99999999999999", nil),
            ("retry-after-ms: 150", 150), ("Retry-After-Ms: 12.5", 12), ("retry-after-ms: 150~Retry-After: 2", 150),
            ("Retry-After: 2~retry-after-ms: 150", 150), ("Retry-After: 2~retry-after-ms: soon", 2000), ("X: 1", nil),
        ] as [(String, Int?)]) func whenToTryAgain(lines: String, expected: Int?) throws
    {
        #expect(try head("HTTP/1.1 429 No~\(lines)~~").retryAfterMilliseconds == expected)
    }

    @Test func versions() throws {
        #expect(try head("GET / HTTP/1.0~~").isOldVersion)
        #expect(try !head("GET / HTTP/1.1~~").isOldVersion)
        #expect(try head("HTTP/1.0 200 OK~~").isOldVersion)
        #expect(try !head("HTTP/1.1 200 OK~~").isOldVersion)
    }

    @Test func upgradeNeedsItsWordInConnection() throws {
        #expect(try head("GET / HTTP/1.1~Connection: Upgrade~Upgrade: websocket~~").asksToUpgrade)
        #expect(try !head("GET / HTTP/1.1~Connection: keep-alive~~").asksToUpgrade)
    }

    @Test func aHeadIsFoundOnlyWhenItsEmptyLineIsThere() {
        let bytes = DecoderCase.encoded("GET / HTTP/1.1~A: b~~body")
        let length = bytes.count - 4
        for count in 0...bytes.count {
            let found = HTTPHeadParser.headLength(bytes.span.bytes.extracting(0..<count))
            #expect(found == (count < length ? nil : length))
        }
    }
}

import Testing
import Wire

/// Where Bolt's messages begin and end.
struct BoltDecoderTests {
    private static let session = BoltTalk.offered
        .message(BoltTag.hello, ["user_agent": "a/1"]).message(BoltTag.logon, ["scheme": "none"]).noop.noop
        .message(BoltTag.run, "CREATE (n:Chunk)", ["id": 1], [:]).message(BoltTag.pull, ["n": -1], chunks: 3)
        .message(BoltTag.run, .string(String(repeating: "x", count: 300)), [:], [:], chunks: 7)
        .message(BoltTag.discard, ["n": -1], chunks: 1).message(BoltTag.telemetry, 1).noop
        .message(BoltTag.commit).message(BoltTag.reset).message(BoltTag.goodbye)

    private static let answers = BoltTalk.agreed
        .message(BoltTag.success, ["server": "Neo4j/5.26.0"]).noop.message(BoltTag.record, ["a", 1, [.null]])
        .message(BoltTag.record, [.string(String(repeating: "y", count: 9000))], chunks: 1000)
        .message(BoltTag.success, ["has_more": true], chunks: 2).noop
        .message(BoltTag.failure, ["code": "Neo.ClientError.Statement.SyntaxError", "message": "no"]).message(
            BoltTag.ignored)

    @Test func eachMessageIsFound() {
        #expect(
            BoltTalk.lines(.request, Self.session.bytes) == [
                "handshake 20", "1 0", "6a 0", "noop", "noop", "10 26", "3f 6", "10 307", "2f 6", "54 0", "noop",
                "12 0",
                "f 0", "2 0",
            ])
        #expect(
            BoltTalk.lines(.response, Self.answers.bytes) == [
                "handshake 4", "70 23", "noop", "71 0", "71 0", "70 13", "noop", "7f 58", "7e 0",
            ])
    }

    @Test func theSameWhereverItIsCut() {
        for (direction, talk) in [(Direction.request, Self.session), (.response, Self.answers)] {
            let expected = BoltTalk.lines(direction, talk.bytes)
            let drip = Array(1..<talk.bytes.count)
            #expect(BoltTalk.lines(direction, talk.bytes, cutAt: drip) == expected)
            for cut in drip {
                #expect(BoltTalk.lines(direction, talk.bytes, cutAt: [cut]) == expected, "cut at \(cut)")
            }
        }
    }

    @Test func aStreamThatEndsAnywhere() {
        let whole = BoltTalk.lines(.request, Self.session.bytes)
        for count in 0..<Self.session.bytes.count {
            let lines = BoltTalk.lines(.request, Array(Self.session.bytes[..<count]))
            #expect(lines.count <= whole.count)
            for (line, expected) in zip(lines, whole) { #expect(line == expected || line == expected + " ...") }
        }
    }

    // MARK: Handshakes

    /// A list of versions of the server's, and the client's choice.
    @Test func aManifestIsRead() {
        let list: [UInt8] = [3, 0, 8, 8, 5, 0, 0, 4, 4, 0, 0, 0, 6, 0x81, 0x01]
        let answer = BoltTalk().raw([0, 0, 1, 0xFF]).raw(list).message(BoltTag.success, [:])
        let lines = ["handshake 4", "handshake 15", "70 3"]
        #expect(BoltTalk.lines(.response, answer.bytes) == lines)
        let choice = BoltTalk.offered.raw([0, 0, 8, 5, 0x80, 0]).message(BoltTag.hello, [:])
        let chosen = ["handshake 20", "handshake 6", "1 0"]
        #expect(BoltTalk.lines(.request, choice.bytes, agreement: .manifest) == chosen)
        for cut in 1..<answer.bytes.count { #expect(BoltTalk.lines(.response, answer.bytes, cutAt: [cut]) == lines) }
        for cut in 1..<choice.bytes.count {
            #expect(BoltTalk.lines(.request, choice.bytes, agreement: .manifest, cutAt: [cut]) == chosen)
        }
    }

    @Test func aManifestWithoutAnEnd() {
        let marker: [UInt8] = [0, 0, 1, 0xFF]
        #expect(BoltTalk.lines(.response, marker + Array(repeating: 0xFF, count: 11)) == ["handshake 4", "!"])
        #expect(BoltTalk.lines(.response, marker + [0xFF, 0x7F]) == ["handshake 4", "!"])
        #expect(BoltTalk.lines(.response, marker + [1, 0, 0, 4, 4] + Array(repeating: 0x80, count: 12)).last == "!")
    }

    @Test(
        arguments: [[0, 0, 0, 3], [0, 0, 0, 7], [1, 0, 4, 5], [0x48, 0x54, 0x54, 0x50], [0x15, 3, 3, 0]] as [[UInt8]])
    func answersThatAreNotRead(answer: [UInt8]) {
        #expect(BoltTalk.lines(.response, answer) == ["!"])
    }

    @Test func aServerThatWantsNoneOfTheVersions() {
        #expect(BoltTalk.lines(.response, [0, 0, 0, 0]) == ["handshake 4"])
        #expect(BoltTalk.lines(.response, [0, 0, 0, 0, 1]) == ["handshake 4", "!"])
    }

    /// TLS, HTTP, and what else a port may be asked: known as no Bolt from its first byte.
    @Test(arguments: [[0x16], [0x47, 0x45, 0x54, 0x20], [0x60, 0x61], [0x60, 0x60, 0xB0, 0x18]] as [[UInt8]])
    func whatIsNoHandshake(bytes: [UInt8]) {
        #expect(BoltTalk.lines(.request, bytes) == ["!"])
        #expect(BoltTalk.lines(.request, bytes, cutAt: Array(1..<bytes.count)) == ["!"])
    }

    @Test func nothingIsReadBeforeThereIsAVersion() throws {
        var decoder = BoltDecoder(.request)
        let bytes = BoltTalk.offered.message(BoltTag.reset).bytes
        #expect(try decoder.next(bytes.span.bytes)?.length == 20)
        let rest = Array(bytes[20...])
        #expect(try decoder.next(rest.span.bytes) == nil && decoder.awaitsAgreement)
        decoder.agree(on: .version(BoltVersion(4, 4)))
        #expect(try decoder.next(rest.span.bytes)?.kind == .message(tag: BoltTag.reset))
    }

    // MARK: Limits

    @Test(arguments: [[0, 1, 0xB0, 0, 0], [0, 2, 0xA0, 1, 0, 0], [0, 1, 0x10], [0, 3, 0xC0, 0x10, 1]] as [[UInt8]])
    func whatIsNoMessage(bytes: [UInt8]) {
        let talk = BoltTalk.agreed.raw(bytes)
        #expect(BoltTalk.lines(.response, talk.bytes) == ["handshake 4", "!"])
        #expect(BoltTalk.lines(.response, talk.bytes, cutAt: Array(1..<talk.bytes.count)) == ["handshake 4", "!"])
    }

    @Test func aTagThatNobodyKnowsPasses() {
        let talk = BoltTalk.agreed.message(0x44, [1, 2]).message(BoltTag.ignored)
        #expect(BoltTalk.lines(.response, talk.bytes) == ["handshake 4", "44 0", "7e 0"])
    }

    /// However long a message is, only its beginning is waited for, and of one that nobody looks at only the tag.
    @Test func aHugeMessageStreams() throws {
        let seen = BoltDecoder.lookedAt
        var asking = BoltDecoder(.request)
        _ = try next(&asking, BoltTalk.offer)
        asking.agree(on: .version(BoltVersion(5, 4)))
        let text = BoltValue.string(String(repeating: "q", count: 4 * seen))
        let run = BoltTalk().message(BoltTag.run, text, [:], [:], chunks: 50_000).bytes
        let heads = 2 * (1 + (seen - 1) / 50_000)
        #expect(try next(&asking, Array(run.prefix(seen + heads - 1))) == nil)
        #expect(try next(&asking, Array(run.prefix(seen + heads)))?.length == seen + heads)
        #expect(asking.beginning.count == seen && !asking.isBetweenMessages)
        var answering = BoltDecoder(.response)
        _ = try next(&answering, [0, 0, 4, 5])
        #expect(try next(&answering, [0xFF, 0xFF, 0xB1, BoltTag.record])?.length == 4)
        #expect(answering.beginning.isEmpty && !answering.isBetweenMessages)
    }

    /// Chunks of one byte are not gone through again with each byte that comes.
    @Test func aDripOfTinyChunksTakesLinearTime() {
        let text = BoltValue.string(String(repeating: "q", count: 16_000))
        let talk = BoltTalk.offered.message(BoltTag.run, text, [:], [:], chunks: 1)
        var decoder = BoltDecoder(.request)
        var pieces = 0
        var start = 0
        // What is there grows; the decoder goes on from where it was.
        for end in stride(from: 20, through: talk.bytes.count, by: 1) {
            let there = talk.bytes.span.bytes.extracting(start..<end)
            guard let piece = try? decoder.next(there) else { continue }
            if decoder.awaitsAgreement { decoder.agree(on: .version(BoltVersion(5, 4))) }
            start += piece.length
            pieces += 1
        }
        #expect(pieces == 2 && decoder.beginning.count == 16_007)
    }

    private func next(_ decoder: inout BoltDecoder, _ bytes: [UInt8]) throws(WireError) -> BoltDecoder.Piece? {
        try decoder.next(bytes.span.bytes)
    }

    @Test func randomBytesNeverBreakIt() {
        var state: UInt64 = 11
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        for _ in 0..<3000 {
            let noise = (0..<60).map { _ in random() % 3 == 0 ? UInt8(0) : UInt8(truncatingIfNeeded: random() % 8) }
            for (direction, talk) in [(Direction.request, BoltTalk.offered), (.response, BoltTalk.agreed)] {
                let bytes = talk.raw([0, 2, 0xB0, UInt8(truncatingIfNeeded: random())]).raw(noise).bytes
                let whole = BoltTalk.lines(direction, bytes)
                let drip = BoltTalk.lines(direction, bytes, cutAt: Array(1..<bytes.count))
                #expect(whole == drip)
            }
        }
    }
}

import Testing
import Wire

@Suite struct PackStreamTests {
    static let values: [BoltValue] = [
        .null, true, false, 0, -1, -16, -17, 127, 128, -128, -129, 32_767, 32_768, -32_768, -32_769, 2_147_483_647,
        2_147_483_648, -2_147_483_648, -2_147_483_649, .int(.max), .int(.min), .double(-0.5), .double(.infinity), "",
        "é", .string(String(repeating: "x", count: 15)), .string(String(repeating: "x", count: 16)),
        .string(String(repeating: "x", count: 300)), .string(String(repeating: "x", count: 70_000)),
        .bytes([]), .bytes([1, 2, 255]), .bytes([UInt8](repeating: 7, count: 300)), [], [1, "two", [.null]],
        .list([BoltValue](repeating: 1, count: 300)), [:], ["a": 1, "b": ["c": [true]]],
        .structure(tag: 0x4e, fields: [1, ["Label"], ["k": "v"]]),
    ]

    private func bytes(_ value: BoltValue) -> [UInt8] {
        var writer = PackStreamWriter()
        writer.write(value)
        return writer.bytes
    }

    @Test(arguments: values) func valuesSurvive(_ value: BoltValue) throws {
        #expect(try PackStreamReader.read(bytes(value)) == value)
    }

    /// From the specification's examples.
    @Test func theSmallestFormIsWritten() {
        #expect(bytes(1) == [0x01])
        #expect(bytes(-16) == [0xf0])
        #expect(bytes(-17) == [0xc8, 0xef])
        #expect(bytes(1234) == [0xc9, 0x04, 0xd2])
        #expect(bytes(.double(1.1)) == [0xc1, 0x3f, 0xf1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a])
        #expect(bytes("A") == [0x81, 0x41])
        #expect(bytes([1, 2, 3]) == [0x93, 1, 2, 3])
        #expect(bytes(["one": "eins"]) == [0xa1, 0x83, 0x6f, 0x6e, 0x65, 0x84, 0x65, 0x69, 0x6e, 0x73])
        #expect(bytes(.bytes([1])) == [0xcc, 1, 1])
    }

    @Test func everyTruncationIsFound() {
        let whole = bytes(["list": [1, 70_000, "text"], "map": ["d": .double(1)], "bytes": .bytes([1, 2])])
        for count in 0..<whole.count {
            #expect(throws: PackStreamReader.Malformed.truncated) { try PackStreamReader.read(Array(whole[..<count])) }
        }
    }

    @Test func lengthsAreNotBelieved() {
        for marker: UInt8 in [0xce, 0xd2, 0xd6, 0xda] {
            #expect(throws: PackStreamReader.Malformed.truncated) {
                try PackStreamReader.read([marker, 0xff, 0xff, 0xff, 0xff, 0x81, 0x61])
            }
        }
    }

    @Test func nestingIsBounded() throws {
        let limit = PackStreamReader.depthLimit
        _ = try PackStreamReader.read([UInt8](repeating: 0x91, count: limit) + [0xc0])
        for marker: [UInt8] in [[0x91], [0xa1, 0x81, 0x61], [0xb1, 0x01]] {
            let deep = [[UInt8]](repeating: marker, count: limit + 1).joined() + [0xc0]
            #expect(throws: PackStreamReader.Malformed.tooDeep) { try PackStreamReader.read(Array(deep)) }
        }
    }

    @Test func whatIsNoValueIsRefused() {
        #expect(throws: PackStreamReader.Malformed.unknownMarker(0xdf)) { try PackStreamReader.read([0xdf]) }
        #expect(throws: PackStreamReader.Malformed.badKey) { try PackStreamReader.read([0xa1, 0x01, 0x01]) }
        #expect(throws: PackStreamReader.Malformed.leftover(1)) { try PackStreamReader.read([0x01, 0x01]) }
    }
}

@Suite struct BoltChunksTests {
    static let messages: [[UInt8]] = [[1], [UInt8](repeating: 2, count: 70_000), [3, 4]]

    @Test(arguments: [1, 2, 3, 7, 1000, 200_000]) func messagesComeTogetherFromAnyPieces(size: Int) throws {
        // A no-op stands between the messages.
        let stream = Array(Self.messages.map { BoltChunks.split($0) + [0, 0] }.joined())
        var chunks = BoltChunks()
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            chunks.append(stream[start..<min(start + size, stream.count)])
            while let message = try chunks.next() { found.append(message) }
        }
        #expect(found == Self.messages)
        #expect(chunks.isBetweenMessages)
    }

    @Test func aPartIsNoMessage() throws {
        var chunks = BoltChunks()
        chunks.append([0, 3, 1, 2])
        #expect(try chunks.next() == nil)
        #expect(!chunks.isBetweenMessages)
    }

    @Test func messagesAreBounded() throws {
        var chunks = BoltChunks(messageLimitBytes: 4)
        chunks.append([0, 3, 1, 2, 3, 0, 2, 4, 5, 0, 0])
        #expect(throws: BoltChunks.Malformed.messageTooLong) { try chunks.next() }
    }
}

import Testing
import Wire

/// Values whose depth, lengths or counts could exhaust the stack or the memory, or lead behind the bytes.
struct BoltLimitsTests {
    private static let head: [UInt8] = [0xB3, BoltTag.run, 0x88] + Array("RETURN 1".utf8)

    private func key(_ parameters: [UInt8], extra: [UInt8] = [0xA0]) -> String {
        var session = BoltSession()
        let request = session.request(BoltTag.run, (Self.head + parameters + extra).span.bytes)
        guard case .unit(let unit) = request else { return "no unit" }
        return "\(unit.operation) \(unit.key)"
    }

    /// A mark that opens a value within a value, again and again.
    @Test(arguments: [[0x91], [0xA1, 0x81, 0x61], [0xB1, 0x4E], [0xD4, 1], [0xD6, 0, 0, 0, 1]] as [[UInt8]])
    func depthTakesNoStack(mark: [UInt8]) {
        let deep = (0..<200_000).flatMap { _ in mark }
        #expect(key([0xA1, 0x81, 0x61] + deep + [0xC0]).hasPrefix("RETURN #"))
        let answer: [UInt8] = [0xB1, BoltTag.success, 0xA2, 0x81, 0x61] + deep + [0xC0]
        var session = BoltSession()
        _ = session.request(BoltTag.run, Self.head.span.bytes)
        session.sent(.run, exchange: 1)
        _ = session.request(BoltTag.pull, [0xB1, BoltTag.pull, 0xA0])
        _ = session.answer(BoltTag.success, [0xB1, BoltTag.success, 0xA0])
        #expect(session.answer(BoltTag.success, answer).endsUnit)
        #expect(BoltWriting.rerouted(answer, to: "127.0.0.1:1") == nil)
    }

    /// Counts and lengths that claim more than there is.
    @Test(
        arguments: [
            [0xD6, 0xFF, 0xFF, 0xFF, 0xFF], [0xDA, 0xFF, 0xFF, 0xFF, 0xFF], [0xD2, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xCE, 0xFF, 0xFF, 0xFF, 0xFF], [0xD6, 0xFF], [0xD2], [0xCB, 1], [0xC1], [0xBF], [0xC7], [0xDD],
        ] as [[UInt8]])
    func claimsAreNotBelieved(value: [UInt8]) {
        #expect(key([0xA1, 0x81, 0x61] + value).hasPrefix("RETURN #"))
        for nesting in [0, 1000] {
            let bytes =
                [0xB1, BoltTag.success, 0xA1, 0x82, 0x72, 0x74] + Array(repeating: value, count: nesting + 1).joined()
            #expect(BoltWriting.rerouted(Array(bytes), to: "127.0.0.1:1") == nil)
        }
    }

    /// What is said of the transaction, which changes when it is tried again, is no part of the key however it is written.
    @Test func theKeyEndsWithTheParameters() {
        let parameters: [UInt8] = [0xA1, 0x81, 0x61, 0x92, 0x01, 0xD4, 1, 0xC0]
        #expect(key(parameters) == key(parameters, extra: [0xA1, 0x81, 0x62, 0x05]))
        #expect(key(parameters) != key([0xA1, 0x81, 0x61, 0x92, 0x01, 0xD4, 1, 0xC2]))
    }

    /// A RUN that is cut off anywhere is named as far as it goes.
    @Test func everyBeginningIsRead() {
        let whole = BoltTalk.content(
            BoltTag.run,
            ["MATCH (n:Chunk) SET n.id = $id", ["id": [1, "two", ["three": .double(3)]]], ["db": "neo4j"]])
        for count in 0...whole.count {
            var session = BoltSession()
            guard case .unit(let unit) = session.request(BoltTag.run, Array(whole[..<count]).span.bytes) else {
                Issue.record("\(count) bytes are no unit")
                continue
            }
            #expect(!unit.operation.isEmpty)
        }
    }
}

extension BoltSession {
    fileprivate mutating func request(_ tag: UInt8, _ bytes: [UInt8]) -> Request { request(tag, bytes.span.bytes) }
    fileprivate mutating func answer(_ tag: UInt8, _ bytes: [UInt8]) -> Answer { answer(tag, bytes.span.bytes) }
}

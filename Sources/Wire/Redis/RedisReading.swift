/// What is known of both streams of a connection to Redis.
package struct RedisReading: ~Copyable {
    package var requests = RedisRequestDecoder()
    package var answers = RedisAnswerDecoder()
    package var session: RedisSession

    package init(_ table: RedisCommandTable) { session = RedisSession(table) }

    /// The next piece of what the server sends.
    package mutating func nextAnswer(_ bytes: RawSpan) throws(WireError) -> RedisAnswerDecoder.Piece? {
        try answers.next(bytes, looksInto: session.looksIntoArrays)
    }
}

/// Small messages, of which many come at once: they are found in one go, without a word of what they are but what is told of them.
extension RedisReading {
    /// One of them.
    package struct Small: Sendable {
        package var exchange: Int
        package var command: UInt32
        package var transaction: UInt32
        /// Of the whole message.
        package var length: UInt32
        /// Where its key lies, from the first byte of the run on.
        package var key: UInt32
        package var keyLength: UInt32

        package init(
            exchange: Int, command: UInt32, transaction: UInt32, length: UInt32, key: UInt32 = 0, keyLength: UInt32 = 0
        ) {
            (self.exchange, self.command, self.transaction) = (exchange, command, transaction)
            (self.length, self.key, self.keyLength) = (length, key, keyLength)
        }
    }

    /// So many are found in one go.
    package static let smallMax = 128

    /// Takes whole commands of few arguments that change nothing of the session, as they go to the server; others are left to
    /// the decoder.
    ///
    /// - Parameters:
    ///   - exchange: the number of the first.
    ///   - found: has room for `smallMax`.
    /// - Returns: how many there were, and how long they are together.
    package mutating func takeSmallCommands(
        _ bytes: RawSpan, exchange: Int, into found: UnsafeMutablePointer<Small>
    ) -> (count: Int, length: Int) {
        guard requests.isBetweenMessages, !session.isNextUnanswered else { return (0, 0) }
        var (count, start) = (0, 0)
        while count < Self.smallMax, let small = smallCommand(bytes, at: start, exchange: exchange + count) {
            (found + count).initialize(to: small)
            count += 1
            start += Int(small.length)
        }
        return (count, start)
    }

    @inline(__always)
    private mutating func smallCommand(_ bytes: RawSpan, at start: Int, exchange: Int) -> Small? {
        guard start + 4 <= bytes.byteCount, bytes.byte(at: start) == UInt8(ascii: "*"),
            bytes.byte(at: start + 2) == 0x0D, bytes.byte(at: start + 3) == 0x0A
        else { return nil }
        let arguments = Int(bytes.byte(at: start + 1) &- 0x30)
        guard arguments > 0, arguments < 10 else { return nil }
        var index = start + 4
        var (nameStart, nameEnd, firstStart, firstEnd) = (0, 0, 0, 0)
        for number in 0..<arguments {
            guard let argument = Self.smallString(bytes, at: index) else { return nil }
            if number == 0 { (nameStart, nameEnd) = argument }
            if number == 1 { (firstStart, firstEnd) = argument }
            index = argument.end + 2
        }
        guard index - start <= RedisRequestDecoder.lookedAt,
            let command = session.table.known(bytes, nameStart..<nameEnd)
        else { return nil }
        let entry = session.table[command]
        guard entry.kind == .ordinary, !entry.traits.contains(.container) else { return nil }
        switch entry.keys {
        case .none: firstEnd = firstStart
        case .listed(first: 1, _, _), .store: break
        default: return nil
        }
        let transaction = session.sentSmall(
            Int32(truncatingIfNeeded: command), exchange: exchange, key: bytes.extracting(firstStart..<firstEnd))
        return Small(
            exchange: exchange, command: UInt32(truncatingIfNeeded: command), transaction: transaction,
            length: UInt32(truncatingIfNeeded: index - start), key: UInt32(truncatingIfNeeded: firstStart),
            keyLength: UInt32(truncatingIfNeeded: firstEnd - firstStart))
    }

    /// Takes whole answers that are a line, a number or a short string; others are left to the decoder.
    package mutating func takeSmallAnswers(
        _ bytes: RawSpan, into found: UnsafeMutablePointer<Small>
    ) -> (count: Int, length: Int) {
        guard answers.isBetweenMessages, session.hearsAnswersAlone else { return (0, 0) }
        var (count, start) = (0, 0)
        while count < Self.smallMax, let end = Self.smallAnswer(bytes, at: start), let open = session.answeredSmall() {
            (found + count).initialize(
                to: Small(
                    exchange: open.exchange, command: UInt32(truncatingIfNeeded: open.command),
                    transaction: UInt32(truncatingIfNeeded: open.transaction),
                    length: UInt32(truncatingIfNeeded: end - start)))
            count += 1
            start = end
        }
        return (count, start)
    }

    /// Where an answer ends that is a line, a number or a string, and no error; `nil` where it is anything else, or not whole.
    @inline(__always)
    private static func smallAnswer(_ bytes: RawSpan, at start: Int) -> Int? {
        guard start < bytes.byteCount else { return nil }
        switch bytes.byte(at: start) {
        case UInt8(ascii: "+"):
            var index = start + 1
            while index + 1 < bytes.byteCount {
                let byte = bytes.byte(at: index)
                if byte == 0x0D { return bytes.byte(at: index + 1) == 0x0A ? index + 2 : nil }
                guard byte != 0x0A else { return nil }
                index += 1
            }
            return nil
        case UInt8(ascii: ":"):
            guard let line = try? RedisNumber.line(bytes, at: start + 1) else { return nil }
            return line.end
        case UInt8(ascii: "$"):
            guard let string = smallString(bytes, at: start) else { return nil }
            return string.end + 2
        default: return nil
        }
    }

    /// Where a whole string with its length before it lies, up to 9,999 bytes.
    @inline(__always)
    private static func smallString(_ bytes: RawSpan, at start: Int) -> (start: Int, end: Int)? {
        guard start + 4 <= bytes.byteCount, bytes.byte(at: start) == UInt8(ascii: "$") else { return nil }
        var length = Int(bytes.byte(at: start + 1) &- 0x30)
        guard length < 10 else { return nil }
        var index = start + 2
        // A number has no zeros before it.
        let longest = length == 0 ? index : min(start + 5, bytes.byteCount - 2)
        while index < longest {
            let digit = bytes.byte(at: index) &- 0x30
            guard digit < 10 else { break }
            length = length * 10 + Int(digit)
            index += 1
        }
        let end = index + 2 + length
        guard end + 2 <= bytes.byteCount, bytes.byte(at: index) == 0x0D, bytes.byte(at: index + 1) == 0x0A,
            bytes.byte(at: end) == 0x0D, bytes.byte(at: end + 1) == 0x0A
        else { return nil }
        return (index + 2, end)
    }
}

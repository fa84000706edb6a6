/// Reads the head of an HTTP/1.x message. Strict where framing depends on it, tolerant elsewhere: a proxy that tests
/// others must not refuse what they accept.
package enum HTTPHeadParser {
    /// The length of the head at the start of `bytes`, its empty line included; `nil` when it isn't complete.
    ///
    /// - Parameter from: where to look from; what lies before was looked through already.
    package static func headLength(_ bytes: RawSpan, from: Int = 0) -> Int? {
        var index = max(0, from - 3)
        let count = bytes.byteCount
        while index < count {
            if bytes.byte(at: index) == lineFeed {
                if index + 1 < count, bytes.byte(at: index + 1) == lineFeed { return index + 2 }
                if index + 2 < count, bytes.byte(at: index + 1) == carriageReturn, bytes.byte(at: index + 2) == lineFeed
                {
                    return index + 3
                }
            }
            index += 1
        }
        return nil
    }

    /// Parses a complete head.
    ///
    /// - Parameter bytes: exactly the head, with its empty line.
    package static func parse(_ bytes: RawSpan) throws(WireError) -> HTTPHead {
        var position = 0
        let first = nextLine(bytes, &position)
        var head = try startLine(bytes, first)
        var framesMessage = false
        // It goes on with no header, and would go on with one that is put before it (RFC 9112, 2.2).
        if position < bytes.byteCount, isBlank(bytes.byte(at: position)) {
            throw WireError("a first header line that begins with a blank")
        }
        while position < bytes.byteCount {
            let line = nextLine(bytes, &position)
            if line.isEmpty { break }
            if isBlank(bytes.byte(at: line.lowerBound)) {
                // A folded header (RFC 9112, 5.2). Where framing hangs on it, guessing would lose the message's end.
                if framesMessage { throw WireError("a header that frames the message, folded over two lines") }
                continue
            }
            framesMessage = try header(bytes, line, into: &head)
        }
        if head.isEncoded, !head.isChunked, head.status == 0 {
            throw WireError("a Transfer-Encoding that tells no end of the request")
        }
        return head
    }

    /// All headers of a complete head, in order, as they are written; folded lines are left out.
    package static func headers(_ bytes: RawSpan) -> [Reply.Header] {
        var headers: [Reply.Header] = []
        var position = 0
        while position < bytes.byteCount, nextLine(bytes, &position).isEmpty {}
        while position < bytes.byteCount {
            let line = nextLine(bytes, &position)
            guard let colon = index(of: 0x3A, in: line, bytes), !isBlank(bytes.byte(at: line.lowerBound)) else {
                continue
            }
            let value = trimmed(bytes, (colon + 1)..<line.upperBound)
            headers.append(Reply.Header(bytes.text(line.lowerBound..<colon), bytes.text(value)))
        }
        return headers
    }

    /// What an answer, from its head on, says of when to try again.
    package static func retryAfterMilliseconds(_ bytes: RawSpan) -> Int? {
        guard let length = headLength(bytes) else { return nil }
        return (try? parse(bytes.extracting(0..<length)))?.retryAfterMilliseconds
    }

    // MARK: Start line

    private static func startLine(_ bytes: RawSpan, _ line: Range<Int>) throws(WireError) -> HTTPHead {
        guard let space = index(of: 0x20, in: line, bytes), space > line.lowerBound else {
            throw WireError("a start line without a space")
        }
        let rest = (space + 1)..<line.upperBound
        if starts(bytes, line, with: "HTTP/1.") {
            let digits = rest.prefix(3)
            guard digits.count == 3, let status = number(bytes, digits.startIndex..<digits.endIndex) else {
                throw WireError("a status line without a status")
            }
            return HTTPHead(start: .response(status: status), isOldVersion: bytes.byte(at: line.lowerBound + 7) == 0x30)
        }
        guard space - line.lowerBound <= 32, line[line.lowerBound..<space].allSatisfy({ isToken(bytes.byte(at: $0)) }),
            let last = lastIndex(of: 0x20, in: rest, bytes),
            starts(bytes, (last + 1)..<line.upperBound, with: "HTTP/1.")
        else { throw WireError("a start line that is no request's and no answer's") }
        let method = bytes.text(line.lowerBound..<space)
        let target = bytes.text(rest.lowerBound..<last)
        return HTTPHead(
            start: .request(method: method, target: target),
            isOldVersion: bytes.byte(at: line.upperBound - 1) == 0x30)
    }

    // MARK: Headers

    /// - Returns: whether the header says where the message ends.
    private static func header(
        _ bytes: RawSpan, _ line: Range<Int>, into head: inout HTTPHead
    ) throws(WireError) -> Bool {
        guard let colon = index(of: 0x3A, in: line, bytes) else { throw WireError("a header line without a colon") }
        let name = trimmed(bytes, line.lowerBound..<colon)
        switch name.count {
        // One side would see the header and the other none (RFC 9112, 5.1).
        case 14 where name.upperBound < colon && equals(bytes, name, "content-length"),
            17 where name.upperBound < colon && equals(bytes, name, "transfer-encoding"):
            throw WireError("a header that frames the message, with a blank before its colon")
        case 14 where equals(bytes, name, "content-length"):
            guard let length = number(bytes, trimmed(bytes, (colon + 1)..<line.upperBound)) else {
                throw WireError("a Content-Length that is no number")
            }
            if let other = head.contentLength, other != length { throw WireError("two Content-Lengths that differ") }
            head.contentLength = length
            return true
        case 17 where equals(bytes, name, "transfer-encoding"):
            head.isEncoded = true
            head.isChunked = endsChunked(bytes, trimmed(bytes, (colon + 1)..<line.upperBound))
            return true
        case 10 where equals(bytes, name, "connection"):
            let value = (colon + 1)..<line.upperBound
            if contains(bytes, value, "close") { head.asksToClose = true }
            if contains(bytes, value, "upgrade") { head.asksToUpgrade = true }
        case 6 where equals(bytes, name, "expect"):
            head.expectsContinue = contains(bytes, (colon + 1)..<line.upperBound, "100-continue")
        case 17 where equals(bytes, name, "x-amz-copy-source"):
            head.isCopy = true
        case 11 where equals(bytes, name, "retry-after"):
            head.retryAfterInSeconds = thousandths(bytes, trimmed(bytes, (colon + 1)..<line.upperBound))
        case 14 where equals(bytes, name, "retry-after-ms"):
            let value = thousandths(bytes, trimmed(bytes, (colon + 1)..<line.upperBound))
            head.retryAfterInMilliseconds = value.map { $0 / 1000 }
        default: break
        }
        return false
    }

    /// Whether the last of the transfer codings is `chunked`, which alone tells where the body ends (RFC 9112, 6.3).
    private static func endsChunked(_ bytes: RawSpan, _ codings: Range<Int>) -> Bool {
        let start = lastIndex(of: 0x2C, in: codings, bytes).map { $0 + 1 } ?? codings.lowerBound
        return equals(bytes, trimmed(bytes, start..<codings.upperBound), "chunked")
    }

    // MARK: Bytes

    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D

    /// The line at `position` without its end; moves `position` past it.
    static func nextLine(_ bytes: RawSpan, _ position: inout Int) -> Range<Int> {
        let start = position
        while position < bytes.byteCount, bytes.byte(at: position) != lineFeed { position += 1 }
        var end = position
        if position < bytes.byteCount { position += 1 }
        if end > start, bytes.byte(at: end - 1) == carriageReturn { end -= 1 }
        return start..<end
    }

    /// Whether a header's name is `name`, which is in lower case.
    static func equals(_ bytes: RawSpan, _ range: Range<Int>, _ name: String) -> Bool {
        guard range.count == name.utf8.count else { return false }
        var index = range.lowerBound
        for expected in name.utf8 {
            if lowered(bytes.byte(at: index)) != expected { return false }
            index += 1
        }
        return true
    }

    private static func contains(_ bytes: RawSpan, _ range: Range<Int>, _ word: String) -> Bool {
        let length = word.utf8.count
        guard range.count >= length else { return false }
        return (range.lowerBound...(range.upperBound - length)).contains {
            equals(bytes, $0..<($0 + length), word)
        }
    }

    private static func starts(_ bytes: RawSpan, _ range: Range<Int>, with prefix: String) -> Bool {
        guard range.count >= prefix.utf8.count else { return false }
        return zip(range, prefix.utf8).allSatisfy { bytes.byte(at: $0) == $1 }
    }

    private static func index(of wanted: UInt8, in range: Range<Int>, _ bytes: RawSpan) -> Int? {
        range.first { bytes.byte(at: $0) == wanted }
    }

    private static func lastIndex(of wanted: UInt8, in range: Range<Int>, _ bytes: RawSpan) -> Int? {
        range.last { bytes.byte(at: $0) == wanted }
    }

    private static func trimmed(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, isBlank(bytes.byte(at: low)) { low += 1 }
        while high > low, isBlank(bytes.byte(at: high - 1)) { high -= 1 }
        return low..<high
    }

    private static func number(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var value = 0
        for index in range {
            let digit = bytes.byte(at: index)
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    /// A thousand times a number of digits and perhaps a point, what is behind three of its digits cut off.
    private static func thousandths(_ bytes: RawSpan, _ range: Range<Int>) -> Int? {
        let point = index(of: 0x2E, in: range, bytes) ?? range.upperBound
        guard point - range.lowerBound <= 12, let whole = number(bytes, range.lowerBound..<point) else { return nil }
        guard point < range.upperBound else { return whole * 1000 }
        let digits = (point + 1)..<min(point + 4, range.upperBound)
        guard let fraction = number(bytes, digits), number(bytes, (point + 1)..<range.upperBound) != nil else {
            return nil
        }
        return whole * 1000 + fraction * [100, 10, 1][digits.count - 1]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isToken(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

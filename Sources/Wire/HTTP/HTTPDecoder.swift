/// Finds the borders of HTTP/1.x messages in one direction of a connection (RFC 9112), without copying: it says how many
/// bytes of what it is given belong together, and what they are. Only heads are ever asked for whole.
package struct HTTPDecoder: Sendable {
    /// One piece of the stream, `length` bytes long.
    package struct Piece: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case head(HTTPHead)
            /// Part of a body, its chunks' framing and trailers included.
            case body
            /// Bytes of a protocol that the two sides agreed to speak from here on.
            case tunnel
        }

        package var kind: Kind
        package var length: Int
        /// The message ends with this piece.
        package var endsMessage: Bool
    }

    private enum State: Hashable, Sendable {
        case head
        case counted(Int)
        case chunked(HTTPChunkScanner)
        case untilClose
        case tunnel
    }

    private let direction: Direction
    private let headBytesMax: Int
    private var state = State.head
    private var searched = 0

    /// - Parameter headBytesMax: a longer head is an error rather than a demand for memory.
    package init(_ direction: Direction, headBytesMax: Int = 64 * 1024) {
        self.direction = direction
        self.headBytesMax = headBytesMax
    }

    /// True between two messages.
    package var isBetweenMessages: Bool { state == .head && searched == 0 }

    /// The answer that is being read ends where the connection does.
    package var endsWithConnection: Bool { state == .untilClose }

    /// The next piece at the start of `bytes`; `nil` when a head needs more bytes than there are.
    ///
    /// - Parameter method: for answers, the method of the request that comes next in line.
    package mutating func next(_ bytes: RawSpan, answering method: String = "") throws(WireError) -> Piece? {
        guard !bytes.isEmpty else { return nil }
        switch state {
        case .head: return try nextHead(bytes, answering: method)
        case .counted(let left):
            let length = min(left, bytes.byteCount)
            state = length == left ? .head : .counted(left - length)
            return Piece(kind: .body, length: length, endsMessage: length == left)
        case .chunked(var scanner):
            let (length, ended) = try scanner.scan(bytes)
            state = ended ? .head : .chunked(scanner)
            return Piece(kind: .body, length: length, endsMessage: ended)
        case .untilClose:
            return Piece(kind: .body, length: bytes.byteCount, endsMessage: false)
        case .tunnel:
            return Piece(kind: .tunnel, length: bytes.byteCount, endsMessage: false)
        }
    }

    /// From here on the connection speaks something else (after 101, or CONNECT).
    package mutating func becomeTunnel() { state = .tunnel }

    private mutating func nextHead(_ bytes: RawSpan, answering method: String) throws(WireError) -> Piece? {
        // Empty lines before a message are allowed (RFC 9112, 2.2); they go with the head that follows.
        var blank = 0
        while blank < bytes.byteCount, blank < 8, isLineEnd(bytes.byte(at: blank)) { blank += 1 }
        let rest = bytes.extracting(blank..<bytes.byteCount)
        guard let end = HTTPHeadParser.headLength(rest, from: max(0, searched - blank)).map({ $0 + blank }) else {
            guard bytes.byteCount <= headBytesMax else { throw WireError("a head of over \(headBytesMax) bytes") }
            if !rest.isEmpty { try refuseEarly(rest) }
            searched = blank < bytes.byteCount ? bytes.byteCount : 0
            return nil
        }
        guard end <= headBytesMax else { throw WireError("a head of over \(headBytesMax) bytes") }
        searched = 0
        let head = try HTTPHeadParser.parse(bytes.extracting(blank..<end))
        try checkDirection(head)
        let body = head.body(answering: method)
        switch body {
        case .none: state = .head
        case .length(let length): state = .counted(length)
        case .chunked: state = .chunked(HTTPChunkScanner())
        case .untilClose: state = .untilClose
        }
        return Piece(kind: .head(head), length: end, endsMessage: body == .none)
    }

    private func checkDirection(_ head: HTTPHead) throws(WireError) {
        switch (head.start, direction) {
        case (.request, .request), (.response, .response): return
        default: throw WireError("a \(direction == .request ? "status" : "request") line in the wrong direction")
        }
    }

    /// Bytes that don't even begin like HTTP are found at once rather than waited for.
    private func refuseEarly(_ bytes: RawSpan) throws(WireError) {
        let first = bytes.byte(at: 0)
        guard first > 0x20 && first < 0x7F else { throw WireError("a first byte that no head begins with") }
        if direction == .response,
            zip(0..<min(5, bytes.byteCount), "HTTP/".utf8)
                .contains(where: { bytes.byte(at: $0) != $1 })
        {
            throw WireError("an answer that doesn't begin with HTTP/")
        }
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}

/// Finds the borders of commands (RESP, "Sending commands to a Redis server"; `networking.c` of Redis), without copying. A command
/// streams: only its beginning is waited for, as far as somebody looks at it.
package struct RedisRequestDecoder: Sendable {
    /// One piece of the stream, `length` bytes long.
    package struct Piece: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// The beginning of a command.
            case command
            /// An empty line or an array of nothing, which the server passes over.
            case nothing
            /// More of the present command.
            case rest
        }

        package var kind: Kind
        package var length: Int
        /// The command ends with this piece.
        package var endsMessage: Bool
        /// The command's arguments, its name among them; 0 where it is none's beginning.
        package var argumentCount = 0
        /// Where its name lies.
        package var name = 0..<0
        /// Where its first argument lies, as far as it does in what is looked at.
        package var first = 0..<0
    }

    /// So much of a command is looked at.
    package static let lookedAt = 16 * 1024
    /// A line that the server takes for a command (`PROTO_INLINE_MAX_SIZE`).
    private static let inlineMax = 64 * 1024
    /// The server takes no more arguments than this (`INT_MAX`), nor longer ones (`proto-max-bulk-len`, which can be raised to
    /// what a client can send).
    private static let countMax = 0x7FFF_FFFF
    private static let lengthMax = 0xFFFF_FFFF

    /// The beginning has passed.
    private var isInMessage = false
    /// Of the beginning, what was looked at before more of it came.
    private var scanned = 0
    private var piece = Piece(kind: .command, length: 0, endsMessage: false)
    private var argumentsLeft = 0
    /// Of the present argument.
    private var bytesLeft = 0
    /// Of the line's end behind it.
    private var endLeft = 0

    package init() {}

    /// True between two commands.
    package var isBetweenMessages: Bool { !isInMessage && scanned == 0 }

    /// The next piece at the start of `bytes`; `nil` when it takes more bytes than there are. Those are given again then, with more
    /// behind them.
    package mutating func next(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard !bytes.isEmpty else { return nil }
        if isInMessage { return try rest(bytes) }
        if scanned == 0 {
            guard bytes.byte(at: 0) == UInt8(ascii: "*") else { return try inline(bytes) }
            guard let head = try RedisNumber.line(bytes, at: 1) else { return nil }
            // The server passes over arrays of nothing, and of less.
            if head.value <= 0 { return Piece(kind: .nothing, length: head.end, endsMessage: true) }
            guard head.value <= Self.countMax else { throw WireError("a command of \(head.value) arguments") }
            piece = Piece(kind: .command, length: 0, endsMessage: false, argumentCount: head.value)
            (argumentsLeft, scanned) = (head.value, head.end)
        } else if bytes.byte(at: 0) != UInt8(ascii: "*") {
            return try inline(bytes)
        }
        scanned = try scan(bytes, from: scanned)
        guard argumentsLeft == 0 || scanned >= Self.lookedAt else { return nil }
        isInMessage = argumentsLeft > 0
        (piece.length, piece.endsMessage) = (scanned, !isInMessage)
        scanned = 0
        return piece
    }

    private mutating func rest(_ bytes: RawSpan) throws(WireError) -> Piece? {
        let length = try scan(bytes, from: 0)
        isInMessage = argumentsLeft > 0
        return length == 0 ? nil : Piece(kind: .rest, length: length, endsMessage: !isInMessage)
    }

    /// Goes through arguments as far as there are any.
    ///
    /// - Returns: where it came to: to the command's end, to the end of what there is, or to a line that is not whole.
    private mutating func scan(_ bytes: RawSpan, from start: Int) throws(WireError) -> Int {
        var index = start
        while argumentsLeft > 0 {
            if bytesLeft > 0 || endLeft > 0 {
                let here = min(bytesLeft, bytes.byteCount - index)
                bytesLeft -= here
                index += here
                guard bytesLeft == 0 else { return index }
                while endLeft > 0 {
                    guard index < bytes.byteCount else { return index }
                    guard bytes.byte(at: index) == (endLeft == 2 ? 0x0D : 0x0A) else {
                        throw WireError("an argument that is longer than it says")
                    }
                    index += 1
                    endLeft -= 1
                }
                argumentsLeft -= 1
                continue
            }
            guard index < bytes.byteCount else { return index }
            guard bytes.byte(at: index) == UInt8(ascii: "$") else { throw WireError("an argument that is no string") }
            guard let head = try RedisNumber.line(bytes, at: index + 1) else { return index }
            guard (0...Self.lengthMax).contains(head.value) else {
                throw WireError("an argument of \(head.value) bytes")
            }
            if !isInMessage { note(head.end..<(head.end + head.value)) }
            index = head.end
            (bytesLeft, endLeft) = (head.value, 2)
        }
        return index
    }

    private mutating func note(_ range: Range<Int>) {
        switch piece.argumentCount - argumentsLeft {
        case 0 where range.upperBound <= Self.lookedAt: piece.name = range
        case 1 where range.upperBound <= Self.lookedAt: piece.first = range
        default: break
        }
    }

    /// A command as one types it.
    private mutating func inline(_ bytes: RawSpan) throws(WireError) -> Piece? {
        let first = bytes.byte(at: 0)
        guard (0x20...0x7E).contains(first) || first == 0x0D || first == 0x0A else {
            throw WireError("a command that begins with byte \(first)")
        }
        let end = min(bytes.byteCount, Self.inlineMax)
        var index = scanned
        while index < end, bytes.byte(at: index) != 0x0A { index += 1 }
        guard index < end else {
            guard bytes.byteCount < Self.inlineMax else { throw WireError("a command of one line that has no end") }
            scanned = index
            return nil
        }
        scanned = 0
        let length = index + 1
        let hasReturn = index > 0 && bytes.byte(at: index - 1) == 0x0D
        let line = bytes.extracting(..<(hasReturn ? index - 1 : index))
        var found = Piece(kind: .command, length: length, endsMessage: true)
        var place = 0
        while let word = try RedisInline.next(line, from: &place) {
            if found.argumentCount == 0 { found.name = word }
            if found.argumentCount == 1 { found.first = word }
            found.argumentCount += 1
        }
        if found.argumentCount == 0 { found.kind = .nothing }
        return found
    }
}

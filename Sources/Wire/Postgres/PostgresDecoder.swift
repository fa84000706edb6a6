/// Finds the borders of PostgreSQL's messages in one direction of a connection (protocol 3, PostgreSQL documentation 55.7),
/// without copying. A message streams: only its beginning is waited for, as far as somebody looks at it.
package struct PostgresDecoder: Sendable {
    /// One piece of the stream, `length` bytes long.
    package struct Piece: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// The first message of a connection, which has no type.
            case startup(code: Int)
            /// The beginning of a message, its type and length included.
            case message(type: UInt8)
            /// More of the present message.
            case rest
        }

        package var kind: Kind
        package var length: Int
        /// The message ends with this piece.
        package var endsMessage: Bool
        /// The length of the whole message; 0 for a rest.
        package var messageLength: Int
    }

    /// So much of a message is looked at.
    package static let lookedAt = 8 * 1024
    /// The server refuses longer ones (`PQ_LARGE_MESSAGE_LIMIT`, 1 GB less one byte).
    private static let lengthMax = 0x3FFF_FFFF
    /// Of a start-up message (`MAX_STARTUP_PACKET_LENGTH`).
    private static let startupMax = 10_000
    private static let headLength = 5

    private let direction: Direction
    private var isStarting: Bool
    private var left = 0

    package init(_ direction: Direction) {
        self.direction = direction
        isStarting = direction == .request
    }

    /// True between two messages.
    package var isBetweenMessages: Bool { left == 0 }

    /// The next piece at the start of `bytes`; `nil` when it takes more bytes than there are.
    package mutating func next(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard !bytes.isEmpty else { return nil }
        if left > 0 {
            let length = min(left, bytes.byteCount)
            left -= length
            return Piece(kind: .rest, length: length, endsMessage: left == 0, messageLength: 0)
        }
        return isStarting ? try startup(bytes) : try message(bytes)
    }

    private mutating func startup(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard bytes.byteCount >= 4 else { return nil }
        let length = bytes.bigEndian32(at: 0)
        guard (8...Self.startupMax).contains(length) else { throw WireError("a start-up message of \(length) bytes") }
        guard bytes.byteCount >= length else { return nil }
        let code = bytes.bigEndian32(at: 4)
        // After a refusal of encryption another start-up message follows.
        isStarting = code == PostgresStartup.ssl || code == PostgresStartup.gss
        return Piece(kind: .startup(code: code), length: length, endsMessage: true, messageLength: length)
    }

    private mutating func message(_ bytes: RawSpan) throws(WireError) -> Piece? {
        let type = bytes.byte(at: 0)
        guard (0x21...0x7E).contains(type) else { throw WireError("a message of type \(type)") }
        guard bytes.byteCount >= Self.headLength else { return nil }
        let counted = bytes.bigEndian32(at: 1)
        guard (4...Self.lengthMax).contains(counted) else { throw WireError("a message of \(counted) bytes") }
        let length = counted + 1
        let waitedFor = isLookedAt(type) ? min(length, Self.lookedAt) : Self.headLength
        guard bytes.byteCount >= waitedFor else { return nil }
        let here = min(length, bytes.byteCount)
        left = length - here
        return Piece(kind: .message(type: type), length: here, endsMessage: left == 0, messageLength: length)
    }

    private func isLookedAt(_ type: UInt8) -> Bool {
        switch (direction, type) {
        case (.request, UInt8(ascii: "Q")), (.request, UInt8(ascii: "P")), (.request, UInt8(ascii: "B")),
            (.request, UInt8(ascii: "E")), (.request, UInt8(ascii: "D")), (.request, UInt8(ascii: "C")),
            (.request, UInt8(ascii: "F")), (.response, UInt8(ascii: "Z")), (.response, UInt8(ascii: "E")):
            true
        default: false
        }
    }
}

/// The codes of start-up messages (PostgreSQL documentation, 55.7).
package enum PostgresStartup {
    package static let ssl = 80_877_103
    package static let gss = 80_877_104
    package static let cancel = 80_877_102

    /// Whether it begins a session of protocol 3.
    package static func isSession(_ code: Int) -> Bool { code >> 16 == 3 }

    /// The parameters of a session's start-up message: `user`, `database`, ...
    package static func parameters(_ bytes: RawSpan) -> [String: String] {
        var parameters: [String: String] = [:]
        var index = 8
        while let name = bytes.terminatedText(at: index), !name.text.isEmpty,
            let value = bytes.terminatedText(at: name.end)
        {
            parameters[name.text] = value.text
            index = value.end
        }
        return parameters
    }
}

/// Finds the borders of Bolt's messages in one direction of a connection: the handshake, chunks, no-ops (Bolt documentation,
/// handshake and message). A message streams: only its beginning is waited for, and that only where somebody looks at it.
package struct BoltDecoder: Sendable {
    /// One piece of the stream, `length` bytes long.
    package struct Piece: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// What a side says before there is a version.
            case handshake
            /// An empty chunk between two messages, which keeps a connection alive.
            case noop
            /// The beginning of a message, or all of it.
            case message(tag: UInt8)
            /// More of the present message.
            case rest
        }

        package var kind: Kind
        package var length: Int
        /// The message ends with this piece.
        package var endsMessage: Bool
    }

    /// So much of a message is looked at, without its chunks' heads.
    package static let lookedAt = 16 * 1024
    static let magic: [UInt8] = [0x60, 0x60, 0xB0, 0x17]
    /// In the place of a version: the client wants the server's list, or gets it.
    static let manifest: [UInt8] = [0, 0, 1, 0xFF]
    private static let manifestVersionsMax = 256

    private enum State {
        case handshake
        /// The client has made its offer, and the server has not answered.
        case offered
        /// The server's list, or the client's choice from it, is next.
        case manifest
        case messages
        /// There is no version, so nothing more can come.
        case nothing
    }

    private let direction: Direction
    private var state = State.handshake
    /// Of the present chunk, how many bytes are still to come; `nil` between messages.
    private var left: Int?
    /// How far the beginning of a message that is not all there has been walked, and how much of it is content.
    private var walked = (position: 0, content: 0)
    /// What the message whose beginning came last begins with, its tag included; empty where nobody looks at it.
    package private(set) var beginning: [UInt8] = []
    /// What the server has answered to the handshake.
    package private(set) var agreement: BoltAgreement?

    package init(_ direction: Direction) { self.direction = direction }

    /// True between two messages.
    package var isBetweenMessages: Bool { left == nil }

    /// The client's decoder waits to hear what the server has answered.
    package var awaitsAgreement: Bool { state == .offered }

    /// Tells the client's decoder what the server has answered.
    package mutating func agree(on agreement: BoltAgreement) {
        self.agreement = agreement
        state =
            switch agreement {
            case .version: .messages
            case .manifest: .manifest
            case .nothing: .nothing
            }
    }

    /// The next piece at the start of `bytes`; `nil` when it takes more bytes than there are.
    package mutating func next(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard !bytes.isEmpty else { return nil }
        switch state {
        case .handshake: return direction == .request ? try offer(bytes) : try answer(bytes)
        case .offered: return nil
        case .manifest: return direction == .request ? try choice(bytes) : try list(bytes)
        case .messages: return left == nil ? try message(bytes) : rest(bytes)
        case .nothing: throw WireError("bytes after a handshake that failed")
        }
    }

    // MARK: Handshake

    private mutating func offer(_ bytes: RawSpan) throws(WireError) -> Piece? {
        for index in 0..<min(4, bytes.byteCount) where bytes.byte(at: index) != Self.magic[index] {
            throw WireError("no handshake of Bolt")
        }
        guard bytes.byteCount >= 20 else { return nil }
        state = .offered
        return Piece(kind: .handshake, length: 20, endsMessage: true)
    }

    private mutating func answer(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard bytes.byteCount >= 4 else { return nil }
        if (0..<4).allSatisfy({ bytes.byte(at: $0) == Self.manifest[$0] }) {
            (agreement, state) = (.manifest, .manifest)
        } else {
            agreement = try Self.agreement(bytes)
            state = agreement == .nothing ? .nothing : .messages
        }
        return Piece(kind: .handshake, length: 4, endsMessage: true)
    }

    private static func agreement(_ bytes: RawSpan) throws(WireError) -> BoltAgreement {
        if (0..<4).allSatisfy({ bytes.byte(at: $0) == 0 }) { return .nothing }
        let version = BoltVersion(bytes, at: 0)
        guard bytes.byte(at: 0) == 0, version.isRead else { throw WireError("Bolt \(version), which is not read") }
        return .version(version)
    }

    /// The versions that the server speaks, and what else it can.
    private mutating func list(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard let (count, start) = try Self.varint(bytes, at: 0) else { return nil }
        guard count <= Self.manifestVersionsMax else { throw WireError("a list of \(count) versions") }
        let end = start + 4 * Int(count)
        guard end < bytes.byteCount, let (_, length) = try Self.varint(bytes, at: end) else { return nil }
        state = .messages
        return Piece(kind: .handshake, length: length, endsMessage: true)
    }

    /// The version that the client takes from the list, and what it wants of the rest.
    private mutating func choice(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard bytes.byteCount > 4, let (_, length) = try Self.varint(bytes, at: 4) else { return nil }
        agree(on: try Self.agreement(bytes))
        return Piece(kind: .handshake, length: length, endsMessage: true)
    }

    /// A number in groups of seven bits, the lowest first, and where it ends.
    private static func varint(_ bytes: RawSpan, at start: Int) throws(WireError) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        for index in 0..<10 {
            guard start + index < bytes.byteCount else { return nil }
            let byte = bytes.byte(at: start + index)
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte & 0x80 == 0 { return (value, start + index + 1) }
        }
        throw WireError("a number of more than ten bytes")
    }

    // MARK: Messages

    private mutating func message(_ bytes: RawSpan) throws(WireError) -> Piece? {
        guard bytes.byteCount >= 2 else { return nil }
        if walked.position == 0, bytes.bigEndian16(at: 0) == 0 {
            return Piece(kind: .noop, length: 2, endsMessage: true)
        }
        let needed = try tag(bytes).map { isLookedAt($0) ? Self.lookedAt : 2 } ?? .max
        var (position, content) = walked
        while position + 2 <= bytes.byteCount {
            let size = bytes.bigEndian16(at: position)
            if size == 0 {
                guard content >= 2 else { throw WireError("a message without a tag") }
                return try begin(bytes, position + 2, left: nil)
            }
            let here = min(size, bytes.byteCount - position - 2)
            if here < size {
                guard content + here >= needed else { return nil }
                return try begin(bytes, position + 2 + here, left: size - here)
            }
            position += 2 + size
            content += size
            walked = (position, content)
        }
        return content >= needed ? try begin(bytes, position, left: 0) : nil
    }

    /// The tag, which stands behind the mark of a structure, when both are there.
    private func tag(_ bytes: RawSpan) throws(WireError) -> UInt8? {
        guard bytes.byteCount > 2 else { return nil }
        let mark = bytes.byte(at: 2)
        guard mark & 0xF0 == 0xB0 else { throw WireError("a message that is no structure") }
        let place = bytes.bigEndian16(at: 0) > 1 ? 3 : 5
        if place == 5, bytes.byteCount > 4, bytes.bigEndian16(at: 3) == 0 { return nil }
        return place < bytes.byteCount ? bytes.byte(at: place) : nil
    }

    private mutating func begin(_ bytes: RawSpan, _ length: Int, left: Int?) throws(WireError) -> Piece {
        guard let tag = try tag(bytes) else { throw WireError("a message without a tag") }
        walked = (0, 0)
        self.left = left
        beginning.removeAll(keepingCapacity: beginning.capacity <= 4096)
        if isLookedAt(tag) { join(bytes.extracting(..<length)) }
        return Piece(kind: .message(tag: tag), length: length, endsMessage: left == nil)
    }

    /// Takes the chunks of a message's beginning together.
    private mutating func join(_ bytes: RawSpan) {
        var position = 0
        while position + 2 <= bytes.byteCount, beginning.count < Self.lookedAt {
            let size = bytes.bigEndian16(at: position)
            let end = min(position + 2 + size, bytes.byteCount, position + 2 + Self.lookedAt - beginning.count)
            bytes.extracting((position + 2)..<end).withUnsafeBytes { beginning.append(contentsOf: $0) }
            position += 2 + size
        }
    }

    private mutating func rest(_ bytes: RawSpan) -> Piece? {
        var (position, left) = (0, left ?? 0)
        while true {
            let here = min(left, bytes.byteCount - position)
            position += here
            left -= here
            guard left == 0, position + 2 <= bytes.byteCount else { break }
            left = bytes.bigEndian16(at: position)
            position += 2
            if left == 0 {
                self.left = nil
                return Piece(kind: .rest, length: position, endsMessage: true)
            }
        }
        self.left = left
        return position == 0 ? nil : Piece(kind: .rest, length: position, endsMessage: false)
    }

    private func isLookedAt(_ tag: UInt8) -> Bool {
        switch (direction, tag) {
        case (.request, BoltTag.run), (.request, BoltTag.pull), (.request, BoltTag.discard),
            (.response, BoltTag.success), (.response, BoltTag.failure):
            true
        default: false
        }
    }
}

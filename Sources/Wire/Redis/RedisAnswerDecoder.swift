/// Finds the borders of what a server of Redis sends (RESP2 and RESP3, redis-specifications/protocol/RESP3.md), without copying.
/// A value streams: only its beginning is waited for. However deep values are nested, it counts and keeps no more than a number
/// for each of them whose length only its end tells.
package struct RedisAnswerDecoder: Sendable {
    /// One piece of the stream, `length` bytes long.
    package struct Piece: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// The beginning of a message.
            case beginning
            /// The value of which the message's beginning were the attributes.
            case value
            /// More of the present message.
            case rest
        }

        package var kind: Kind
        package var length: Int
        /// The message ends with this piece.
        package var endsMessage: Bool
        /// The first byte of the value; of attributes `|`.
        package var type: UInt8 = 0
        /// It is the null of either protocol.
        package var isNull = false
        /// Of an error, where its code lies.
        package var code = 0..<0
        /// The first eight bytes of an array's first value, where that is a string and somebody wants to know; of a line, its
        /// own first eight. The first byte is the lowest.
        package var word: UInt64 = 0
        /// The length of the whole message, where its beginning tells.
        package var messageLength: Int?

        package var isError: Bool { type == UInt8(ascii: "-") || type == UInt8(ascii: "!") }
    }

    private enum Phase {
        /// A value begins.
        case value
        /// In a line of any length; whether its `\r` was there.
        case line(hasReturn: Bool)
        /// So many bytes of a string, and of the line's end behind it, are to come; then perhaps a further part of it.
        case string(left: Int, endLeft: Int, isPart: Bool)
        /// A further part of a string, or its end.
        case part
    }

    /// So much of a line is looked at.
    static let lineLookedAt = 64
    static let lengthMax = 0xFFFF_FFFF
    /// Values of which only the end tells how long they are, within each other.
    private static let depthMax = 32
    private static let streamed = -1

    private var isInMessage = false
    private var isAttributed = false
    private var phase = Phase.value
    /// Values that are still to come, those within others among them; `streamed` where an end tells.
    private var left = 0
    /// The same of what the present values are part of, from outside in.
    private var outer: [Int] = []
    /// The latest integer of the present message.
    package private(set) var lastInteger = 0

    package init() {}

    /// True between two messages.
    package var isBetweenMessages: Bool { !isInMessage }

    /// The next piece at the start of `bytes`; `nil` when it takes more bytes than there are. Those are given again then, with more
    /// behind them.
    ///
    /// - Parameter looksInto: whether arrays tell their first value too. Pushes always do.
    package mutating func next(_ bytes: RawSpan, looksInto: Bool = false) throws(WireError) -> Piece? {
        guard !bytes.isEmpty else { return nil }
        if isInMessage, !isAtAttributedValue {
            let length = try scan(bytes)
            return length == 0 ? nil : Piece(kind: .rest, length: length, endsMessage: !isInMessage)
        }
        guard var piece = try beginning(bytes, looksInto: looksInto) else { return nil }
        let (wasInMessage, wasAttributed) = (isInMessage, isAttributed)
        if isInMessage { piece.kind = .value } else { left = 1 }
        isInMessage = true
        isAttributed = piece.type == UInt8(ascii: "|")
        piece.length = try scan(bytes)
        guard piece.length > 0 else {
            (isInMessage, isAttributed) = (wasInMessage, wasAttributed)
            return nil
        }
        piece.endsMessage = !isInMessage
        if Self.isShort(piece.type) { piece.messageLength = piece.length }
        return piece
    }

    /// Of which a message is one line that is waited for whole.
    private static func isShort(_ type: UInt8) -> Bool {
        type == UInt8(ascii: ":") || type == UInt8(ascii: "_") || type == UInt8(ascii: "#") || type == UInt8(ascii: ",")
    }

    private var isAtAttributedValue: Bool {
        guard isAttributed, outer.isEmpty, left == 1, case .value = phase else { return false }
        return true
    }

    // MARK: Going through

    /// Goes through the present message as far as it is there.
    ///
    /// - Returns: where it came to: to the message's end, to the end of what there is, to a line that is not whole, or from
    ///   attributes to their value.
    private mutating func scan(_ bytes: RawSpan) throws(WireError) -> Int {
        var index = 0
        while index < bytes.byteCount {
            switch phase {
            case .value:
                if isAttributed, index > 0, isAtAttributedValue { return index }
                guard let end = try value(bytes, at: index) else { return index }
                index = end
            case .line(let hasReturn): index = try line(bytes, at: index, hasReturn)
            case .string(let left, let endLeft, let isPart):
                index = try string(bytes, at: index, left, endLeft, isPart)
            case .part:
                guard let end = try part(bytes, at: index) else { return index }
                index = end
            }
            if left == 0, outer.isEmpty, case .value = phase {
                isInMessage = false
                return index
            }
        }
        return index
    }

    /// The first line of a value, or the whole of it.
    ///
    /// - Returns: where it ends; `nil` when it is not whole.
    private mutating func value(_ bytes: RawSpan, at index: Int) throws(WireError) -> Int? {
        let type = bytes.byte(at: index)
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "("):
            phase = .line(hasReturn: false)
            return index + 1
        case UInt8(ascii: ":"):
            guard let line = try RedisNumber.line(bytes, at: index + 1) else { return nil }
            lastInteger = line.value
            finishValue()
            return line.end
        case UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: ","):
            return try shortLine(bytes, at: index + 1, type)
        case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
            if type == UInt8(ascii: "$"), let end = try streamedHead(bytes, at: index + 1) {
                if end > bytes.byteCount { return nil }
                phase = .part
                return end
            }
            guard let line = try length(bytes, at: index + 1, isNullable: type == UInt8(ascii: "$")) else { return nil }
            if line.value < 0 { finishValue() } else { phase = .string(left: line.value, endLeft: 2, isPart: false) }
            return line.end
        case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "|"):
            return try aggregate(bytes, at: index, type)
        case UInt8(ascii: "."):
            guard left == Self.streamed else { throw WireError("an end of nothing") }
            guard let end = try emptyLine(bytes, at: index + 1) else { return nil }
            left = outer.removeLast()
            goUp()
            return end
        default: throw WireError("a value of type \(type)")
        }
    }

    /// A value is over.
    private mutating func finishValue() {
        phase = .value
        guard left > 0 else { return }
        left -= 1
        goUp()
    }

    /// What the present values were part of goes on when they are over.
    private mutating func goUp() {
        while left == 0, let next = outer.popLast() { left = next }
    }

    private mutating func open(_ count: Int, in place: Int) throws(WireError) {
        guard outer.count < Self.depthMax else { throw WireError("values too deep within each other") }
        outer.append(place)
        left = count
        goUp()
    }

    private mutating func aggregate(_ bytes: RawSpan, at index: Int, _ type: UInt8) throws(WireError) -> Int? {
        let isAttribute = type == UInt8(ascii: "|")
        // Attributes stand before their value, and are none themselves.
        let isLast = left > 0 && !isAttribute
        if let end = try streamedHead(bytes, at: index + 1) {
            if end > bytes.byteCount { return nil }
            try open(Self.streamed, in: isLast ? left - 1 : left)
            return end
        }
        guard let line = try length(bytes, at: index + 1, isNullable: type == UInt8(ascii: "*")) else { return nil }
        let count = type == UInt8(ascii: "%") || isAttribute ? 2 * line.value : max(line.value, 0)
        if left == Self.streamed || isAttribute && outer.isEmpty {
            if count > 0 { try open(count, in: left) }
        } else {
            let (sum, isTooMuch) = left.addingReportingOverflow(count)
            guard !isTooMuch else { throw WireError("too many values within each other") }
            left = isLast ? sum - 1 : sum
            goUp()
        }
        return line.end
    }

    /// The end of a first line that says that an end will tell; behind all bytes where it is not whole, `nil` where there is none.
    private func streamedHead(_ bytes: RawSpan, at index: Int) throws(WireError) -> Int? {
        guard index < bytes.byteCount, bytes.byte(at: index) == UInt8(ascii: "?") else { return nil }
        return try emptyLine(bytes, at: index + 1) ?? bytes.byteCount + 1
    }

    /// Where a line ends that must end here; `nil` when its end is not there.
    private func emptyLine(_ bytes: RawSpan, at index: Int) throws(WireError) -> Int? {
        if index < bytes.byteCount, bytes.byte(at: index) != 0x0D { throw WireError("a line that is too long") }
        if index + 1 < bytes.byteCount, bytes.byte(at: index + 1) != 0x0A { throw WireError("a return alone") }
        return index + 2 <= bytes.byteCount ? index + 2 : nil
    }

    /// The line of a null, a boolean or a double.
    private mutating func shortLine(_ bytes: RawSpan, at start: Int, _ type: UInt8) throws(WireError) -> Int? {
        var index = start
        while index < bytes.byteCount, bytes.byte(at: index) != 0x0D {
            let byte = bytes.byte(at: index)
            let isRight =
                switch type {
                case UInt8(ascii: "_"): false
                case UInt8(ascii: "#"):
                    index == start && (byte == UInt8(ascii: "t") || byte == UInt8(ascii: "f"))
                default: byte >= 0x21 && byte <= 0x7E && index - start < Self.lineLookedAt
                }
            guard isRight else { throw WireError("a value of type \(type)") }
            index += 1
        }
        guard index < bytes.byteCount else { return nil }
        guard type == UInt8(ascii: "_") || index > start else { throw WireError("an empty value of type \(type)") }
        guard let end = try emptyLine(bytes, at: index) else { return nil }
        finishValue()
        return end
    }

    /// More of a line of any length.
    private mutating func line(_ bytes: RawSpan, at start: Int, _ hasReturn: Bool) throws(WireError) -> Int {
        var index = start
        var isEnding = hasReturn
        while index < bytes.byteCount {
            let byte = bytes.byte(at: index)
            index += 1
            if isEnding {
                guard byte == 0x0A else { throw WireError("a return within a line") }
                finishValue()
                return index
            }
            guard byte != 0x0A else { throw WireError("a line that ends without a return") }
            isEnding = byte == 0x0D
        }
        phase = .line(hasReturn: isEnding)
        return index
    }

    /// More of a string whose length is known.
    private mutating func string(
        _ bytes: RawSpan, at start: Int, _ left: Int, _ endLeft: Int, _ isPart: Bool
    ) throws(WireError) -> Int {
        let here = min(left, bytes.byteCount - start)
        var index = start + here
        var endLeft = endLeft
        if here == left {
            while endLeft > 0, index < bytes.byteCount {
                guard bytes.byte(at: index) == (endLeft == 2 ? 0x0D : 0x0A) else {
                    throw WireError("a string that is longer than it says")
                }
                index += 1
                endLeft -= 1
            }
        }
        if endLeft > 0 {
            phase = .string(left: left - here, endLeft: endLeft, isPart: isPart)
        } else if isPart {
            phase = .part
        } else {
            finishValue()
        }
        return index
    }

    /// A further part of a string whose length only its end tells: `;4`, and `;0` for the end.
    private mutating func part(_ bytes: RawSpan, at index: Int) throws(WireError) -> Int? {
        guard bytes.byte(at: index) == UInt8(ascii: ";") else {
            throw WireError("a string that goes on as something else")
        }
        guard let line = try length(bytes, at: index + 1) else { return nil }
        if line.value == 0 { finishValue() } else { phase = .string(left: line.value, endLeft: 2, isPart: true) }
        return line.end
    }
}

/// What the beginning of a message tells.
extension RedisAnswerDecoder {
    /// What a message's beginning tells, when enough of it is there.
    func beginning(_ bytes: RawSpan, looksInto: Bool) throws(WireError) -> Piece? {
        let type = bytes.byte(at: 0)
        var piece = Piece(kind: .beginning, length: 0, endsMessage: false, type: type)
        switch type {
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard let end = try lineEnd(bytes, from: 1) else { return nil }
            if end.isWhole { piece.messageLength = end.index + 2 }
            if type == UInt8(ascii: "-") { piece.code = code(bytes, 1..<end.index) }
            piece.word = word(bytes, 1..<end.index)
        case UInt8(ascii: "!"):
            guard let head = try length(bytes, at: 1) else { return nil }
            let end = head.end + min(head.value, Self.lineLookedAt)
            guard bytes.byteCount >= end else { return nil }
            piece.code = code(bytes, head.end..<end)
            piece.messageLength = head.end + head.value + 2
        case UInt8(ascii: "$"):
            if bytes.byteCount > 1, bytes.byte(at: 1) == UInt8(ascii: "?") { break }
            guard let head = try length(bytes, at: 1, isNullable: true) else { return nil }
            piece.isNull = head.value < 0
            piece.messageLength = head.value < 0 ? head.end : head.end + head.value + 2
        case UInt8(ascii: "="):
            guard let head = try length(bytes, at: 1) else { return nil }
            piece.messageLength = head.end + head.value + 2
        case UInt8(ascii: "*"), UInt8(ascii: ">"):
            if bytes.byteCount > 1, bytes.byte(at: 1) == UInt8(ascii: "?") { break }
            guard let head = try length(bytes, at: 1, isNullable: true) else { return nil }
            piece.isNull = head.value < 0
            if head.value > 0, looksInto || type == UInt8(ascii: ">") {
                guard let word = try firstWord(bytes, at: head.end) else { return nil }
                piece.word = word
            }
        case UInt8(ascii: "_"): piece.isNull = true
        default: break
        }
        return piece
    }

    /// Where a line ends, or how far it is looked at; `nil` when neither is there.
    private func lineEnd(_ bytes: RawSpan, from start: Int) throws(WireError) -> (index: Int, isWhole: Bool)? {
        let end = min(bytes.byteCount, start + Self.lineLookedAt)
        var index = start
        while index < end, bytes.byte(at: index) != 0x0D, bytes.byte(at: index) != 0x0A { index += 1 }
        if index == start + Self.lineLookedAt { return (index, false) }
        // What follows `\r` is looked at when the line is gone through.
        guard index < end else { return nil }
        guard bytes.byte(at: index) == 0x0D else { throw WireError("a line that ends without a return") }
        return (index, true)
    }

    /// The word in capitals that an error begins with.
    private func code(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var end = range.lowerBound
        while end < range.upperBound {
            let byte = bytes.byte(at: end)
            let isOfWord =
                byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") || byte == UInt8(ascii: "_")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
            if !isOfWord { break }
            end += 1
        }
        return range.lowerBound..<end
    }

    private func word(_ bytes: RawSpan, _ range: Range<Int>) -> UInt64 {
        var (word, shift) = (UInt64(0), UInt64(0))
        for index in range.prefix(8) {
            word |= UInt64(bytes.byte(at: index)) << shift
            shift += 8
        }
        return word
    }

    /// The beginning of an array's first value; 0 where that is no string.
    private func firstWord(_ bytes: RawSpan, at index: Int) throws(WireError) -> UInt64? {
        guard index < bytes.byteCount else { return nil }
        switch bytes.byte(at: index) {
        case UInt8(ascii: "$"):
            if index + 1 < bytes.byteCount, bytes.byte(at: index + 1) == UInt8(ascii: "?") { return 0 }
            guard let head = try length(bytes, at: index + 1, isNullable: true) else { return nil }
            let end = head.end + min(max(head.value, 0), 8)
            return bytes.byteCount >= end ? word(bytes, head.end..<end) : nil
        case UInt8(ascii: "+"):
            guard let end = try lineEnd(bytes, from: index + 1) else { return nil }
            return word(bytes, (index + 1)..<end.index)
        default: return 0
        }
    }

    func length(
        _ bytes: RawSpan, at index: Int, isNullable: Bool = false
    ) throws(WireError) -> (value: Int, end: Int)? {
        guard let line = try RedisNumber.line(bytes, at: index) else { return nil }
        guard line.value >= (isNullable ? -1 : 0), line.value <= Self.lengthMax else {
            throw WireError("a value of \(line.value)")
        }
        return line
    }
}

/// Reading the short lines that say how long something is, or how many there are.
enum RedisNumber {
    /// A sign and nineteen digits.
    private static let digitsMax = 20

    /// The number from `index` up to the end of its line, as Redis writes numbers (`string2ll`): no blanks, no zeros before it.
    ///
    /// - Returns: the number, and where the next line begins; `nil` when the line is not whole.
    @inline(__always)
    static func line(_ bytes: RawSpan, at index: Int) throws(WireError) -> (value: Int, end: Int)? {
        // Mostly it is short and positive.
        if index + 3 <= bytes.byteCount {
            let first = bytes.byte(at: index) &- 0x30
            if first < 10 {
                let second = bytes.byte(at: index + 1)
                if second == 0x0D, bytes.byte(at: index + 2) == 0x0A { return (Int(first), index + 3) }
                if first > 0, second &- 0x30 < 10, index + 4 <= bytes.byteCount, bytes.byte(at: index + 2) == 0x0D,
                    bytes.byte(at: index + 3) == 0x0A
                {
                    return (Int(first) * 10 + Int(second &- 0x30), index + 4)
                }
            }
        }
        return try longLine(bytes, at: index)
    }

    private static func longLine(_ bytes: RawSpan, at start: Int) throws(WireError) -> (value: Int, end: Int)? {
        var index = start
        var isNegative = false
        if index < bytes.byteCount {
            isNegative = bytes.byte(at: index) == UInt8(ascii: "-")
            if isNegative || bytes.byte(at: index) == UInt8(ascii: "+") { index += 1 }
        }
        let firstDigit = index
        var value = 0
        while index < bytes.byteCount {
            let digit = bytes.byte(at: index) &- 0x30
            guard digit < 10 else { break }
            guard index - start < Self.digitsMax, index == firstDigit || value != 0 else { throw WireError("a number") }
            let (tens, isTooMuch) = value.multipliedReportingOverflow(by: 10)
            let (sum, isMore) =
                isNegative
                ? tens.subtractingReportingOverflow(Int(digit)) : tens.addingReportingOverflow(Int(digit))
            guard !isTooMuch, !isMore else { throw WireError("a number") }
            value = sum
            index += 1
        }
        guard index < bytes.byteCount else { return nil }
        guard index > firstDigit, bytes.byte(at: index) == 0x0D else { throw WireError("a number") }
        guard index + 1 < bytes.byteCount else { return nil }
        guard bytes.byte(at: index + 1) == 0x0A else { throw WireError("a number") }
        return (value, index + 2)
    }
}

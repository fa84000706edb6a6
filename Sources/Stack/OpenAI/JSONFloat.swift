/// Writes numbers of unit vectors in decimal: fast, because of a fixed number of digits.
///
/// Twelve digits give back the same `Float` for anything above 1.6e-5, and are off by 5e-13 at most below.
enum JSONFloat {
    private static let digits = 12
    private static let scale = 1e12
    /// A comma, a sign, a digit, a point and the digits.
    static let bytesMax = 4 + digits

    /// - Precondition: `number` is from -1 to 1, and there is room for `bytesMax` bytes.
    /// - Returns: the position behind what was written.
    static func write(_ number: Float, to target: UnsafeMutableRawBufferPointer, at start: Int) -> Int {
        precondition(number.magnitude <= 1, "only unit vectors are written")
        var position = start
        if number < 0 {
            target[position] = UInt8(ascii: "-")
            position += 1
        }
        let scaled = UInt64((Double(number.magnitude) * scale).rounded())
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: UInt64(scale))
        target[position] = UInt8(ascii: "0") + UInt8(whole)
        target[position + 1] = UInt8(ascii: ".")
        let end = position + 2 + digits
        var rest = fraction
        for index in stride(from: end - 1, through: position + 2, by: -1) {
            let (tenths, digit) = rest.quotientAndRemainder(dividingBy: 10)
            target[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = tenths
        }
        return end
    }
}

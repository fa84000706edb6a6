extension SpecType where Value == Int {
    /// Bytes a second, above 0: `64KiB/s`, `1.5MB/s`. A bare number or size is refused: nobody could tell what it is.
    package static var byteRate: SpecType {
        SpecType(example: "64KiB/s") { node, place throws(SpecError) in
            guard case .scalar(let text) = node.content else {
                throw place.error("must be a rate, not \(node.summary)", mend: writeOne)
            }
            guard !text.hasPrefix("-") else { throw place.error("is below 0: '\(text)'", mend: aboveZero) }
            guard let quantity = Quantity(text) else {
                throw place.error("must be a rate, not '\(text)'", mend: writeOne)
            }
            return try bytesPerSecond(quantity, text, place)
        }
    }
}

private let writeOne = "write one such as 64KiB/s or 1.5MB/s"
private let units = "rates end in B/s, KB/s, KiB/s, MB/s, MiB/s, GB/s or GiB/s"
private let aboveZero = "a rate is above 0, such as 64KiB/s; to let nothing pass, inject 'blackhole'"

private func bytesPerSecond(_ quantity: Quantity, _ text: String, _ place: SpecPlace) throws(SpecError) -> Int {
    guard quantity.whole > 0 || quantity.fraction.contains(where: { $0 > 0 }) else {
        throw place.error("lets nothing pass: '\(text)'", mend: aboveZero)
    }
    guard !quantity.unit.isEmpty else {
        throw place.error("has no unit: '\(text)'", mend: "write \(text)KiB/s or \(text)B/s; \(units)")
    }
    guard byteUnits[quantity.unit] == nil else {
        throw place.error("is a size and no rate: '\(text)'", mend: "write \(text)/s")
    }
    guard quantity.unit.hasSuffix("/s"), let size = byteUnits[String(quantity.unit.dropLast(2))] else {
        throw place.error("has an unknown unit: '\(text)'", mend: units)
    }
    guard let total = quantity.times(size) else {
        throw place.error("is too large, or no whole number of bytes a second: '\(text)'", mend: "write it in B/s")
    }
    return total
}

extension SpecType where Value == Int {
    /// A number of bytes: `416B`, `64KiB`, `5MB`. A bare number is refused: nobody could tell its unit.
    package static var byteSize: SpecType {
        SpecType(example: "64KiB") { node, place throws(SpecError) in
            guard case .scalar(let text) = node.content, let quantity = Quantity(text) else {
                throw place.error("must be a size, not \(node.summary)", mend: "write one such as 416B, 64KiB or 5MB")
            }
            return try bytes(quantity, text, place)
        }
    }
}

extension SpecType where Value == ClosedRange<Int> {
    /// Sizes from one to another: `416B..64KiB`. One size alone is the range of just that size.
    package static var byteRange: SpecType {
        SpecType(example: "416B..64KiB") { node, place throws(SpecError) in
            guard case .scalar(let text) = node.content, let ends = Self.ends(of: text) else {
                throw place.error(
                    "must be a size or a range of sizes, not \(node.summary)",
                    mend: "write one such as 64KiB or 416B..64KiB")
            }
            let low = try bytes(ends.low, text, place)
            let high = try bytes(ends.high, text, place)
            guard low <= high else {
                throw place.error("begins above its end: '\(text)'", mend: "write the smaller size first")
            }
            return low...high
        }
    }

    private static func ends(of text: String) -> (low: Quantity, high: Quantity)? {
        if let whole = Quantity(text), !text.contains("..") { return (whole, whole) }
        // The numbers may hold points themselves, so the border is the first double one.
        guard let dots = text.indices.first(where: { text[$0...].hasPrefix("..") }),
            let low = Quantity(String(text[..<dots].trimmed)),
            let high = Quantity(String(text[dots...].dropFirst(2).trimmed))
        else { return nil }
        return (low, high)
    }
}

/// Bytes in each unit that a size may be written in.
let byteUnits = [
    "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "KB": 1_000, "kB": 1_000, "MB": 1_000_000,
    "GB": 1_000_000_000,
]

private func bytes(_ quantity: Quantity, _ text: String, _ place: SpecPlace) throws(SpecError) -> Int {
    guard !quantity.unit.isEmpty else {
        throw place.error("has no unit: '\(text)'", mend: "sizes end in B, KB, KiB, MB, MiB, GB or GiB")
    }
    guard let size = byteUnits[quantity.unit] else {
        throw place.error("has an unknown unit: '\(text)'", mend: "sizes end in B, KB, KiB, MB, MiB, GB or GiB")
    }
    guard let total = quantity.times(size) else {
        throw place.error("is no whole number of bytes: '\(text)'", mend: "write it in B")
    }
    return total
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return text
    }
}

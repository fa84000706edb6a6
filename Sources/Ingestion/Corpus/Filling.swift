/// Brings generated text to an exact number of bytes.
enum Filling {
    /// Pieces from `next` until `size` is reached, and what is left over in words: never cut inside a character.
    static func fill(_ size: Int, _ next: () -> String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 1024)
        while bytes.count < size { bytes.append(contentsOf: next().utf8) }
        return cut(bytes, to: size)
    }

    /// The first `size` bytes; a character that the border would cut becomes full stops.
    static func cut(_ bytes: [UInt8], to size: Int) -> [UInt8] {
        var kept = Array(bytes.prefix(size))
        guard size < bytes.count, bytes[size] & 0xC0 == 0x80 else { return kept }
        var position = size
        repeat {
            position -= 1
            let byte = kept[position]
            kept[position] = UInt8(ascii: ".")
            if byte & 0xC0 != 0x80 { break }
        } while position > 0
        return kept
    }
}

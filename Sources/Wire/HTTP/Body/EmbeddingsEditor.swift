/// Changes an answer to OpenAI's `embeddings`: `{"data": [{"index": 0, "embedding": [...]}, ...]}`, where a vector is an array
/// of numbers, or, with `encoding_format: base64`, a string of little-endian 32-bit floats (OpenAI's API reference).
struct EmbeddingsEditor {
    private let bytes: [UInt8]
    private let scanner: JSONScanner
    private let items: [Range<Int>]

    /// `nil` where the text is no such answer.
    init?(_ bytes: [UInt8]) {
        scanner = JSONScanner(bytes)
        guard let root = scanner.root, let members = scanner.members(root),
            let data = members.first(where: { $0.name == "data" }), let items = scanner.elements(data.value),
            !items.isEmpty
        else { return nil }
        self.bytes = bytes
        self.items = items
        guard items.allSatisfy({ vector($0) != nil }) else { return nil }
    }

    private func vector(_ item: Range<Int>) -> Range<Int>? {
        scanner.members(item)?.first { $0.name == "embedding" }?.value
    }

    /// The items in another order, each with its number; `nil` where there are fewer than two.
    func reordered() -> [UInt8]? {
        guard items.count > 1 else { return nil }
        let rotated = items[1...] + items[..<1]
        return replacing(zip(items, rotated).map { ($0, Array(bytes[$1])) })
    }

    /// Without the item in the middle; `nil` where there are fewer than two.
    func shortened() -> [UInt8]? {
        guard items.count > 1 else { return nil }
        let middle = items.count / 2
        return replacing([(items[middle - 1].upperBound..<items[middle].upperBound, [])])
    }

    /// With vectors of so many dimensions; `nil` where they have them already.
    func resized(_ dimensions: Int) -> [UInt8]? {
        let changes = items.compactMap { item in
            vector(item).flatMap { vector in resized(vector, dimensions).map { (vector, $0) } }
        }
        return changes.isEmpty ? nil : replacing(changes)
    }

    private func resized(_ vector: Range<Int>, _ dimensions: Int) -> [UInt8]? {
        if let numbers = scanner.elements(vector) {
            guard numbers.count != dimensions else { return nil }
            let kept = numbers.prefix(dimensions).map { Array(bytes[$0]) }
            let all = kept + Array(repeating: [UInt8(ascii: "0")], count: max(0, dimensions - kept.count))
            return [UInt8(ascii: "[")] + all.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
        }
        let quoted = bytes[vector]
        guard quoted.first == UInt8(ascii: "\""), let floats = Base64.decoded(quoted.dropFirst().dropLast()),
            floats.count != dimensions * 4
        else { return nil }
        let all = Array(floats.prefix(dimensions * 4))
        let filled = all + Array(repeating: 0, count: dimensions * 4 - all.count)
        return [UInt8(ascii: "\"")] + Base64.encoded(filled) + [UInt8(ascii: "\"")]
    }

    /// The text with something else in these places, which are in order.
    private func replacing(_ changes: [(Range<Int>, [UInt8])]) -> [UInt8] {
        var edited: [UInt8] = []
        var index = 0
        for (place, replacement) in changes {
            edited += bytes[index..<place.lowerBound] + replacement
            index = place.upperBound
        }
        return edited + bytes[index...]
    }
}

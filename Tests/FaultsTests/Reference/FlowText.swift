import Faults
import Testing

/// Reads the flow style of YAML as the reference writes it: `{ a: 1s, b: { c: "d" } }`, or a scalar.
struct FlowText {
    private var rest: Substring
    private let line: Int

    static func node(_ text: String, line: Int) throws -> SpecNode {
        var reader = FlowText(rest: text[...], line: line)
        let node = try reader.node(until: "")
        try #require(reader.rest.isEmpty, "what is '\(reader.rest)'?")
        return node
    }

    private mutating func node(until end: String) throws -> SpecNode {
        guard take("{") else {
            let text = rest.prefix { !end.contains($0) }
            rest.removeFirst(text.count)
            let words = text.split(separator: " ").joined(separator: " ")
            return SpecNode(.scalar(words.trimmingPrefix("\"").description.droppingQuote), at: .line(line))
        }
        var entries: [SpecNode.Entry] = []
        while !take("}") {
            skipBlanks()
            let key = rest.prefix { $0 != ":" }
            rest.removeFirst(key.count)
            try #require(take(":"))
            skipBlanks()
            let value = try node(until: ",}")
            entries.append(SpecNode.Entry(key: String(key), mark: .line(line), node: value))
            _ = take(",")
        }
        return SpecNode(.mapping(entries), at: .line(line))
    }

    private mutating func take(_ character: Character) -> Bool {
        skipBlanks()
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func skipBlanks() { rest = rest.drop { $0 == " " } }
}

extension String {
    fileprivate var droppingQuote: String { hasSuffix("\"") ? String(dropLast()) : self }
}

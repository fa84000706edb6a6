/// The text of a Markdown document: its marks at the start of lines go, its paragraphs stay.
struct MarkdownText {
    private(set) var title: String?
    private(set) var text = ""

    init(_ source: String) {
        text.reserveCapacity(source.utf8.count)
        var isCode = false
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " || $0 == "\t" }
            if content.hasPrefix("```") || content.hasPrefix("~~~") {
                isCode.toggle()
            } else if isCode {
                text += line
            } else if let heading = Self.heading(content) {
                if title == nil { title = heading }
                text += "\n" + heading + "\n"
            } else if !Self.isRule(content) {
                text += Self.withoutMarks(content)
            }
            text += "\n"
        }
    }

    private static func heading(_ line: Substring) -> String? {
        let level = line.prefix { $0 == "#" }.count
        guard (1...6).contains(level), line.dropFirst(level).first == " " else { return nil }
        return line.dropFirst(level).trimmed()
    }

    private static func isRule(_ line: Substring) -> Bool {
        line.count >= 3 && line.allSatisfy { $0 == "-" || $0 == "|" || $0 == ":" || $0 == " " }
    }

    /// Without list and quote marks, emphasis, and the brackets of links.
    private static func withoutMarks(_ line: Substring) -> String {
        var rest = line
        while let first = rest.first, first == ">" || first == "*" || first == "-" || first == "+",
            rest.dropFirst().first == " "
        {
            rest = rest.dropFirst(2)
        }
        var bytes: [UInt8] = []
        for byte in rest.utf8 where byte != UInt8(ascii: "*") && byte != UInt8(ascii: "`") {
            bytes.append(byte == UInt8(ascii: "|") ? UInt8(ascii: " ") : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The text that a reader of an HTML page sees. Not a validating parser: any input gives some text, in linear time.
struct HTMLText {
    private(set) var title: String?
    private(set) var text: String

    private var source: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    init(_ source: String) {
        self.source = Array(source.utf8)
        text = ""
        output.reserveCapacity(self.source.count)
        scan()
        text = HTMLEntities.decode(output)
        output = []
    }

    private mutating func scan() {
        while position < source.count {
            let byte = source[position]
            if byte == UInt8(ascii: "<"), let next = peek(1), isTagStart(next) {
                tag()
            } else {
                append(byte)
                position += 1
            }
        }
    }

    private func peek(_ offset: Int) -> UInt8? {
        position + offset < source.count ? source[position + offset] : nil
    }

    private func isTagStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") || byte.isASCIILetter
    }

    /// Runs of white space collapse to one space; block tags put line feeds.
    private mutating func append(_ byte: UInt8) {
        let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
        if !isSpace {
            output.append(byte)
        } else if let last = output.last, last != 0x20, last != 0x0A {
            output.append(0x20)
        }
    }

    private mutating func tag() {
        if source[position...].starts(with: Array("<!--".utf8)) {
            skip(past: Array("-->".utf8))
            return
        }
        var cursor = position + 1
        if cursor < source.count, source[cursor] == UInt8(ascii: "/") { cursor += 1 }
        var name: [UInt8] = []
        while cursor < source.count, source[cursor].isASCIILetter || (0x30...0x39).contains(source[cursor]) {
            name.append(source[cursor] | 0x20)
            cursor += 1
        }
        let isClosing = source[position + 1] == UInt8(ascii: "/")
        endOfTag()
        let element = String(decoding: name, as: UTF8.self)
        if !isClosing, Self.dropped.contains(element) {
            skip(past: Array("</\(element)".utf8))
            endOfTag()
        } else if element == "title", !isClosing {
            let start = position
            skip(past: Array("</title".utf8))
            let end = max(start, position - "</title".utf8.count)
            title = HTMLEntities.decode(Array(source[start..<end])).trimmed()
            endOfTag()
        } else if Self.blocks.contains(element) {
            breakParagraph()
        } else if element == "br" || element == "tr" || element == "li" {
            if output.last != 0x0A { output.append(0x0A) }
        } else if element == "td" || element == "th" {
            append(0x20)
        }
    }

    /// To behind the next `>` that is not inside a quoted attribute.
    private mutating func endOfTag() {
        var quote: UInt8?
        while position < source.count {
            let byte = source[position]
            position += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return
            }
        }
    }

    /// Case-insensitive; to the end when there is none.
    private mutating func skip(past pattern: [UInt8]) {
        while position + pattern.count <= source.count {
            if source[position] == pattern[0],
                pattern.indices.allSatisfy({ source[position + $0].asciiLowercased == pattern[$0] })
            {
                position += pattern.count
                return
            }
            position += 1
        }
        position = source.count
    }

    private mutating func breakParagraph() {
        while output.last == 0x20 { output.removeLast() }
        guard !output.isEmpty else { return }
        while !output.suffix(2).elementsEqual([0x0A, 0x0A]) { output.append(0x0A) }
    }

    private static let dropped: Set<String> = ["script", "style", "noscript", "template", "svg"]
    private static let blocks: Set<String> = [
        "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1",
        "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
    ]
}

extension UInt8 {
    var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

enum HTMLDocument {
    static func bytes(_ prose: Prose, size: Int) -> [UInt8] {
        var prose = prose
        let head = """
            <!DOCTYPE html><html><head><meta charset="utf-8"><title>\(prose.title)</title>
            <style>p { margin: 1em }</style><script>var seen = "<p>never shown</p>";</script></head><body>

            """
        let tail = "</p></body></html>\n"
        let frame = head.utf8.count + "<p>".utf8.count + tail.utf8.count
        let text = Filling.fill(size - frame) {
            prose.paragraph().replacing("€", with: "&euro;") + "</p>\n<p>"
        }
        return Array(head.utf8) + Array("<p>".utf8) + Self.withoutCutMark(text) + Array(tail.utf8)
    }

    /// A tag or an entity that the end cuts becomes full stops.
    private static func withoutCutMark(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for start in text.indices.suffix(8) where text[start] == UInt8(ascii: "<") || text[start] == UInt8(ascii: "&") {
            let close = text[start] == UInt8(ascii: "<") ? UInt8(ascii: ">") : UInt8(ascii: ";")
            if !text[start...].contains(close) {
                for index in start..<text.count { text[index] = UInt8(ascii: ".") }
            }
        }
        return text
    }
}

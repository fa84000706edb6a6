enum CSVDocument {
    static func bytes(_ prose: Prose, size: Int) -> [UInt8] {
        var prose = prose
        var isFirst = true
        let text = Filling.fill(size - 3) {
            guard !isFirst else {
                isFirst = false
                return (Prose.columns + ["remark"]).joined(separator: ",") + "\n"
            }
            return prose.row().joined(separator: ",") + ",\"" + prose.sentence() + "\"\n"
        }
        // The last row may be cut inside its quotes, which must be closed; three bytes do it in either case.
        let quotes = text.count { $0 == UInt8(ascii: "\"") }
        return text + Array((quotes.isMultiple(of: 2) ? " .\n" : ".\"\n").utf8)
    }
}

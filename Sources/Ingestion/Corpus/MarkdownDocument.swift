enum MarkdownDocument {
    static func bytes(_ prose: Prose, size: Int) -> [UInt8] {
        var prose = prose
        var section = 0
        return Filling.fill(size) {
            section += 1
            if section == 1 { return "# \(prose.title)\n\n\(prose.paragraph())\n\n" }
            if section.isMultiple(of: 4) { return "- \(prose.sentence())\n- **\(prose.sentence())**\n\n" }
            return (section.isMultiple(of: 3) ? "## Part \(section)\n\n" : "") + prose.paragraph() + "\n\n"
        }
    }
}

enum TextDocument {
    static func bytes(_ prose: Prose, size: Int) -> [UInt8] {
        var prose = prose
        return Filling.fill(size) { prose.paragraph() + "\n\n" }
    }
}

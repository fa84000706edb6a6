/// How many tokens a text has: no tokenizer, but as many as one would find in ordinary prose, give or take a fifth.
enum TokenCount {
    /// A word of up to seven letters is one token, a longer one a token more for every further five; a sign is one;
    /// of other scripts, two bytes are one.
    static func of(_ text: String) -> Int {
        var tokens = 0
        var word = 0
        var foreign = 0
        for byte in text.utf8 {
            let isWord = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            if isWord {
                word += 1
                continue
            }
            tokens += length(word)
            word = 0
            if byte >= 0x80 {
                foreign += 1
            } else if byte > 0x20 {
                tokens += 1
            }
        }
        return max(1, tokens + length(word) + (foreign + 1) / 2)
    }

    private static func length(_ word: Int) -> Int {
        word == 0 ? 0 : word <= 7 ? 1 : 1 + (word - 7 + 4) / 5
    }
}

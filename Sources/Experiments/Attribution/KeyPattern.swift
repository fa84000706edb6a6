/// An identification rule's pattern, taken apart.
struct KeyPattern: Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case text(Substring)
        /// Any text, the empty one too.
        case any
        case document, source
    }

    private let pieces: [Piece]

    init(_ pattern: String) {
        var pieces: [Piece] = []
        var rest = pattern[...]
        var text = rest.startIndex
        func flush(_ end: String.Index) -> [Piece] { text < end ? [.text(pattern[text..<end])] : [] }
        while !rest.isEmpty {
            let start = rest.startIndex
            let special: (length: Int, piece: Piece)? =
                rest.hasPrefix("{document}")
                ? (10, .document) : rest.hasPrefix("{source}") ? (8, .source) : rest.first == "*" ? (1, .any) : nil
            guard let special else {
                rest = rest.dropFirst()
                continue
            }
            pieces += flush(start) + [special.piece]
            rest = rest.dropFirst(special.length)
            text = rest.startIndex
        }
        self.pieces = pieces + flush(rest.startIndex)
    }

    /// The document that a key is about, or nil when it is about none or about more than one. A name that lies within
    /// another is a coincidence: by `*{document}*`, a key with `d10` in it is not about `d1`.
    func document(
        in key: String, documents: Set<String>, aliases: [String: String] = [:], sources: [String: String]
    ) -> String? {
        let names = Names(documents: documents, aliases: aliases, sources: sources)
        let found = Self.matches(pieces[...], key[...], nil, names)
        guard let longest = found.max(by: { $0.text.count < $1.text.count }),
            found.allSatisfy({ $0.document == longest.document || longest.text.contains($0.text) })
        else { return nil }
        return longest.document
    }

    private struct Names {
        let documents: Set<String>
        let aliases: [String: String]
        let sources: [String: String]

        func document(_ piece: Piece, _ text: Substring) -> String? {
            switch piece {
            case .document: documents.contains(String(text)) ? String(text) : aliases[String(text)]
            case .source: sources[String(text)]
            case .text, .any: nil
            }
        }
    }

    private struct Match: Hashable {
        let document: String
        let text: Substring
    }

    /// All that the key may be about, over the ways in which the pieces can make it up.
    private static func matches(
        _ pieces: ArraySlice<Piece>, _ key: Substring, _ match: Match?, _ names: Names
    ) -> Set<Match> {
        guard let piece = pieces.first else { return key.isEmpty ? Set([match].compactMap { $0 }) : [] }
        let rest = pieces.dropFirst()
        if case .text(let text) = piece {
            return key.hasPrefix(text) ? matches(rest, key.dropFirst(text.count), match, names) : []
        }
        var found: Set<Match> = []
        // The last piece takes all that is left.
        var end = rest.isEmpty ? key.endIndex : key.startIndex
        while true {
            let taken = key[..<end]
            if piece == .any {
                found.formUnion(matches(rest, key[end...], match, names))
            } else if let document = names.document(piece, taken), match == nil || match?.document == document {
                found.formUnion(matches(rest, key[end...], Match(document: document, text: taken), names))
            }
            guard end < key.endIndex else { return found }
            end = key.index(after: end)
        }
    }
}

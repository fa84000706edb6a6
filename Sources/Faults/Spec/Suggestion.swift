/// Finds what a misspelt word was meant to be.
package enum Suggestion {
    /// The candidate at the least edit distance, if it is near enough to be meant: a third of the word, two edits at least.
    package static func nearest(to word: String, in candidates: [String]) -> String? {
        let limit = max(2, word.count / 3)
        let scored = candidates.map { (candidate: $0, distance: distance(word.lowercased(), $0.lowercased())) }
        guard let best = scored.min(by: { $0.distance < $1.distance }),
            best.distance <= limit, best.distance < max(word.count, best.candidate.count)
        else { return nil }
        return best.candidate
    }

    /// `known options: delay, jitter (did you mean 'jitter'?)`.
    package static func known(_ known: [String], plural: String, insteadOf word: String) -> String {
        guard !known.isEmpty else { return "there are no \(plural) here" }
        let list = "known \(plural): " + known.joined(separator: ", ")
        return nearest(to: word, in: known).map { "\(list) (did you mean '\($0)'?)" } ?? list
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let substituted = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(substituted, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

import Wire

/// Takes away what a finding does not need.
struct Shrinker {
    let fails: (Conversation) -> Bool
    private static let triesMax = 1500

    func shrink(_ conversation: Conversation) -> Conversation {
        var best = conversation
        var tries = 0
        for direction in Direction.allCases + Direction.allCases {
            var step = max(1, best[direction].count / 2)
            while step > 0 {
                var start = 0
                while start < best[direction].count, tries < Self.triesMax {
                    tries += 1
                    var smaller = best
                    smaller[direction].removeSubrange(start..<min(start + step, smaller[direction].count))
                    if fails(smaller) { best = smaller } else { start += step }
                }
                step /= 2
            }
        }
        return best
    }
}

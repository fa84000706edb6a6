import Wire

/// Hands a stream to a decoder as a link does, and watches what it takes.
struct Feed {
    /// What a decoder can do wrong, to see that it is found.
    enum Flaw: CaseIterable {
        case takesTooMuch
        case takesNothing
        case waitsForAll
        case looksAtCuts
    }

    let bytes: [UInt8]
    let cuts: FuzzCuts
    /// More than this may never wait for the rest of what it belongs to.
    let heldMax: Int
    var flaw: Flaw?
    private(set) var complaints: [String] = []
    /// The decoder has given up.
    private(set) var isLost = false
    /// What it has taken, from the start.
    private(set) var taken = 0

    init(_ bytes: [UInt8], cutAt cuts: FuzzCuts, heldMax: Int, flaw: Flaw? = nil) {
        (self.bytes, self.cuts, self.heldMax, self.flaw) = (bytes, cuts, heldMax, flaw)
    }

    /// - Parameter next: the length of the next piece of what is there; `nil` when it takes more.
    mutating func run(_ next: (RawSpan) throws(WireError) -> Int?) {
        for end in cuts.ends(bytes.count) {
            // A copy of its own, so that reading behind its end is found by the address sanitizer.
            let there = Array(bytes[taken..<end])
            let start = taken
            do throws(WireError) {
                while taken < end, let length = try piece(there.span.bytes.extracting((taken - start)...), next) {
                    guard (1...(end - taken)).contains(length) else {
                        complaints.append("a piece of \(length) bytes where there are \(end - taken)")
                        return
                    }
                    taken += length
                }
            } catch {
                isLost = true
                return
            }
            if end - taken > heldMax {
                complaints.append("\(end - taken) bytes are held")
                return
            }
        }
    }

    private func piece(_ bytes: RawSpan, _ next: (RawSpan) throws(WireError) -> Int?) throws(WireError) -> Int? {
        switch flaw {
        case nil: try next(bytes)
        case .takesTooMuch: try next(bytes).map { $0 + 1 }
        case .takesNothing: try next(bytes).map { _ in 0 }
        case .waitsForAll: taken + bytes.byteCount == self.bytes.count ? try next(bytes) : nil
        case .looksAtCuts: bytes.byteCount == 1 ? 1 : try next(bytes)
        }
    }
}

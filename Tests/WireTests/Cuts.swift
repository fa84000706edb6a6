import Testing
import Wire

/// Byte by byte, and in two deliveries cut at every offset, a stream must hold the same messages.
func expectTheSameWhereverItIsCut(_ example: DecoderCase, sourceLocation: SourceLocation = #_sourceLocation) {
    let expected = withoutReasons(example.expected)
    let drip = Array(stride(from: 1, to: example.bytes.count, by: 1))
    let cuts = drip.map { [$0] } + [drip]
    for cut in cuts {
        var transcript = Transcript(example.direction, methods: example.methods)
        transcript.feed(example.bytes, cutAt: cut)
        let place = cut.count == 1 ? "cut at \(cut[0])" : "byte by byte"
        #expect(withoutReasons(transcript.lines) == expected, "\(place)", sourceLocation: sourceLocation)
    }
}

/// What is wrong with bytes may be found out at their first or at their last.
private func withoutReasons(_ lines: [String]) -> [String] { lines.map { $0.hasPrefix("!") ? "!" : $0 } }

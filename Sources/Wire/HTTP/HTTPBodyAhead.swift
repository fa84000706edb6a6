/// Looks through the body of a request whose head is kept back, where only the body tells its call from others.
package struct HTTPBodyAhead: Sendable {
    /// The head's.
    package let piece: HTTPDecoder.Piece
    /// The key of the request, once its body is whole.
    package private(set) var key: String?
    private var decoder: HTTPDecoder
    private var hash = BodyHash()
    private var scanned: Int
    private let bytesMax: Int

    /// - Parameters:
    ///   - piece: the head's, which the decoder has just found.
    ///   - bytesMax: a longer body is not waited for.
    package init(_ piece: HTTPDecoder.Piece, _ decoder: HTTPDecoder, bytesMax: Int = 4 * 1024 * 1024) {
        self.piece = piece
        self.decoder = decoder
        self.bytesMax = bytesMax
        scanned = piece.length
    }

    /// Looks at what there is by now; true when there is nothing more to wait for.
    ///
    /// - Parameter bytes: everything from the head on; what was there before is not looked at again.
    package mutating func look(_ bytes: RawSpan) -> Bool {
        while scanned < bytes.byteCount {
            let rest = bytes.extracting(scanned..<bytes.byteCount)
            guard let next = try? decoder.next(rest) else { return true }
            hash.mix(rest.extracting(0..<next.length))
            scanned += next.length
            if next.endsMessage {
                key = hash.key
                return true
            }
        }
        return scanned - piece.length > bytesMax
    }
}

import Wire

/// Feeds a decoder as a link does, in given pieces, and writes down what it made of them:
/// `POST /a [body]`, `200 [body]`, `200 [unfinished...`, `tunnel [bytes]`, and `! reason` where it gave up.
struct Transcript {
    private(set) var lines: [String] = []
    /// The lengths of all pieces, added up: every byte belongs to one.
    private(set) var taken = 0
    private(set) var decoder: HTTPDecoder
    private var methods: [String]
    private var method = ""
    private var body: [UInt8] = []
    private var start: String?
    private var tunnel: [UInt8] = []

    /// - Parameter methods: of the requests that the answers are for, in order.
    init(_ direction: Direction, methods: [String] = [], headBytesMax: Int = 64 * 1024) {
        decoder = HTTPDecoder(direction, headBytesMax: headBytesMax)
        self.methods = methods
    }

    /// - Parameter cuts: offsets in `bytes` at which one delivery ends and the next begins, in order.
    mutating func feed(_ bytes: [UInt8], cutAt cuts: some Sequence<Int>) {
        var buffer: [UInt8] = []
        var from = 0
        for cut in Array(cuts) + [bytes.count] {
            buffer += bytes[from..<cut]
            from = cut
            do {
                while let piece = try decoder.next(buffer.span.bytes, answering: methods.first ?? "GET") {
                    take(piece, Array(buffer.prefix(piece.length)))
                    buffer.removeFirst(piece.length)
                }
            } catch {
                // How much of a body was seen before its damage depends on the cuts; that it was damaged does not.
                body = []
                close(ended: false)
                lines.append("! \(error.what)")
                return
            }
        }
        close(ended: false)
        if !tunnel.isEmpty { lines.append("tunnel [\(text(tunnel))]") }
    }

    private mutating func take(_ piece: HTTPDecoder.Piece, _ bytes: [UInt8]) {
        taken += piece.length
        switch piece.kind {
        case .head(let head):
            start = head.status > 0 ? "\(head.status)" : "\(head.method) \(head.target)"
            upgradeIfAgreed(head)
        case .body: body += bytes
        case .tunnel: tunnel += bytes
        }
        if piece.endsMessage { close(ended: true) }
    }

    private mutating func upgradeIfAgreed(_ head: HTTPHead) {
        guard head.status > 0 else { return }
        let answered = methods.first ?? "GET"
        if head.status >= 200 || head.status == 101, !methods.isEmpty { methods.removeFirst() }
        if head.status == 101 || (answered == "CONNECT" && (200..<300).contains(head.status)) { decoder.becomeTunnel() }
    }

    private mutating func close(ended: Bool) {
        guard let start else { return }
        lines.append(ended ? "\(start) [\(text(body))]" : "\(start) [\(text(body))...")
        self.start = nil
        body = []
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "~")
    }
}

import Wire

struct HTTPFuzz: FuzzedCodec {
    let name = "http"
    var flaw: Feed.Flaw?

    func changeLength(_ bytes: inout [UInt8], _ direction: Direction, _ random: inout FuzzRandom) {
        if random.below(2) == 0 {
            let ends = bytes.indices.filter { bytes[$0] == 0x0A }
            guard !ends.isEmpty else { return }
            bytes.insert(
                contentsOf: Array(Self.lines[random.below(Self.lines.count)].utf8),
                at: ends[random.below(ends.count)] + 1)
        } else {
            let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
            guard !digits.isEmpty else { return }
            let start = digits[random.below(digits.count)]
            let end = bytes[start...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
            bytes.replaceSubrange(start..<end, with: Self.numbers[random.below(Self.numbers.count)].utf8)
        }
    }

    private static let numbers = [
        "0", "1", "-1", "+5", "", " ", "5 5", "007", "FFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF",
        "999999999999999999", "9223372036854775807", "18446744073709551616", "0x10", "1e3", "100", "101", "204", "304",
    ]
    private static let lines = [
        "Content-Length: 5\r\n", "Content-Length: 0\r\n", "Content-Length: -1\r\n", "Content-Length : 7\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: identity\r\n", "transfer-encoding:\tgzip , chunked\r\n",
        "Transfer-Encoding: chunked, gzip\r\n", " folded\r\n", "\r\n", "\n", "0\r\n\r\n", "5;x=y\r\nabcde\r\n",
        "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "HEAD / HTTP/1.1\r\n\r\n", "CONNECT h:1 HTTP/1.1\r\n\r\n",
        "Connection: close\r\n", "Connection: upgrade\r\nUpgrade: x\r\n", "Expect: 100-continue\r\n",
    ]

    func read(_ conversation: Conversation, cutAt cuts: FuzzCuts) -> FuzzReading {
        var requests = HTTPFuzzStream(.request, [])
        var reading = requests.read(conversation.request, cuts, flaw)
        var answers = HTTPFuzzStream(.response, requests.methods)
        let other = answers.read(conversation.response, cuts, flaw)
        reading.lines += ["--"] + other.lines
        reading.complaints += other.complaints
        return reading
    }
}

/// Reads one direction.
private struct HTTPFuzzStream {
    private static let headBytesMax = 64 * 1024
    private let direction: Direction
    private var decoder: HTTPDecoder
    /// Of requests that were read, or that the answers are for.
    private(set) var methods: [String]
    private var answered = 0
    private var reading = FuzzReading()
    /// The present message, and what of its body there is.
    private var start: String?
    private var head: [UInt8] = []
    private var body: [UInt8] = []

    init(_ direction: Direction, _ methods: [String]) {
        self.direction = direction
        self.methods = methods
        decoder = HTTPDecoder(direction, headBytesMax: Self.headBytesMax)
    }

    mutating func read(_ bytes: [UInt8], _ cuts: FuzzCuts, _ flaw: Feed.Flaw?) -> FuzzReading {
        var feed = Feed(bytes, cutAt: cuts, heldMax: Self.headBytesMax, flaw: flaw)
        feed.run { there throws(WireError) in
            let method = direction == .request || answered >= methods.count ? "" : methods[answered]
            guard let piece = try decoder.next(there, answering: method) else { return nil }
            if piece.length <= there.byteCount { take(piece, there.extracting(..<piece.length)) }
            return piece.length
        }
        // How much of a body was seen before its damage depends on the cuts; that it was damaged does not.
        if feed.isLost {
            reading.lines.append("lost")
        } else {
            close(" and no end")
            reading.lines.append("\(bytes.count - feed.taken) bytes are held")
        }
        reading.complaints += feed.complaints
        return reading
    }

    private mutating func take(_ piece: HTTPDecoder.Piece, _ bytes: RawSpan) {
        switch piece.kind {
        case .head(let head): take(head, bytes)
        case .tunnel where start == nil:
            start = "tunnel"
            fallthrough
        case .body, .tunnel:
            bytes.withUnsafeBytes { body.append(contentsOf: $0) }
        }
        if piece.endsMessage {
            if piece.kind == .body { checkBodyEditing() }
            close("")
        }
    }

    private mutating func close(_ how: String) {
        var hash = BodyHash()
        hash.mix(body.span.bytes)
        if let start { reading.lines.append("\(start) \(body.count) \(hash.key)\(how)") }
        (start, body) = (nil, [])
    }

    /// Whatever is made of a body, it is one whole message again.
    private mutating func checkBodyEditing() {
        let edits: [BodyEdit] = [
            .malform, .reorderEmbeddings, .dropEmbedding, .resizeEmbeddings(dimensions: 3),
            .resizeEmbeddings(dimensions: 2000),
        ]
        for edit in edits {
            guard let edited = HTTPBodyEditor.apply([edit], toHead: head.span.bytes, body: body.span.bytes) else {
                continue
            }
            var decoder = HTTPDecoder(direction)
            var ends = 0
            var feed = Feed(edited, cutAt: .nowhere, heldMax: 0)
            feed.run { there throws(WireError) in
                guard let piece = try decoder.next(there, answering: "GET") else { return nil }
                if piece.endsMessage { ends += 1 }
                return piece.length
            }
            if feed.isLost || ends != 1 || feed.taken != edited.count || !decoder.isBetweenMessages {
                reading.complaints.append("\(edit) makes no whole message")
            }
            reading.lines.append("\(edit): \(edited.hashValue)")
        }
    }

    private mutating func take(_ head: HTTPHead, _ bytes: RawSpan) {
        self.head = bytes.withUnsafeBytes { Array($0) }
        var hasher = Hasher()
        hasher.combine(head)
        hasher.combine(labels(head))
        hasher.combine(HTTPHeadParser.headers(bytes))
        start = "\(head.method) \(head.target) \(head.status) \(hasher.finalize())"
        checkEditing(head, bytes)
        if direction == .request {
            methods.append(head.method)
            return
        }
        let method = answered < methods.count ? methods[answered] : ""
        if !head.isInterim { answered += 1 }
        if head.status == 101 || (method == "CONNECT" && (200..<300).contains(head.status)) { decoder.becomeTunnel() }
    }

    private func labels(_ head: HTTPHead) -> [HTTPLabel] {
        [.s3, .openai, .qdrant, nil].map { HTTPDialects.of($0).label(head) }
    }

    /// A header that is added changes nothing else, and one that isn't there can be taken away.
    private mutating func checkEditing(_ head: HTTPHead, _ bytes: RawSpan) {
        let added = HTTPHeadEditor.apply([.setHeader("X-Fuzz", to: "1")], to: bytes)
        let blank = added.prefix { $0 == 0x0A || $0 == 0x0D }.count
        let again = try? HTTPHeadParser.parse(added.span.bytes.extracting(blank...))
        if again != head { reading.complaints.append("a head that reads differently with a header more") }
        let removed = HTTPHeadEditor.apply([.removeHeader("X-Fuzz-Absent")], to: bytes)
        if removed != bytes.withUnsafeBytes({ Array($0) }) { reading.complaints.append("a head changed by nothing") }
    }
}

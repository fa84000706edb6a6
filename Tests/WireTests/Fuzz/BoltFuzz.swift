import Wire

struct BoltFuzz: FuzzedCodec {
    let name = "bolt"
    var flaw: Feed.Flaw?
    /// The beginning of a message is waited for, in the worst of cases in chunks of one byte.
    private static let heldMax = 3 * BoltDecoder.lookedAt + 2

    /// Puts something else for the size of a chunk, or for the first byte of a value.
    func changeLength(_ bytes: inout [UInt8], _ direction: Direction, _ random: inout FuzzRandom) {
        var places: [Int] = []
        var decoder = BoltDecoder(direction)
        var feed = Feed(bytes, cutAt: .nowhere, heldMax: .max)
        feed.run { there throws(WireError) in
            guard let piece = try decoder.next(there) else { return nil }
            if decoder.awaitsAgreement { decoder.agree(on: Self.usual) }
            places.append(bytes.count - there.byteCount)
            return piece.length
        }
        guard let place = places.randomElement(using: &random), place + 4 < bytes.count else { return }
        if random.below(2) == 0 {
            let number = Self.numbers[random.below(Self.numbers.count)]
            (bytes[place], bytes[place + 1]) = (UInt8(number >> 8), UInt8(number & 0xFF))
        } else {
            let value = place + 2 + random.below(min(24, bytes.count - place - 2))
            let mark = Self.marks[random.below(Self.marks.count)]
            bytes.replaceSubrange(value..<min(value + mark.count, bytes.count), with: mark)
        }
    }

    private static let usual = BoltAgreement.version(BoltVersion(5, 4))
    private static let numbers = [
        0, 1, 2, 3, 4, 5, 16, 255, 256, 0x3FFE, 0x3FFF, 0x4000, 0x4001, 0x8000, 0xFFFE, 0xFFFF,
    ]
    private static let marks: [[UInt8]] = [
        [0xD6, 0xFF, 0xFF, 0xFF, 0xFF], [0xDA, 0xFF, 0xFF, 0xFF, 0xFF], [0xD2, 0x7F, 0xFF, 0xFF, 0xFF],
        [0xCE, 0xFF, 0xFF, 0xFF, 0xFF], [0xD8, 0xFF], [0xD4, 0xFF], [0xD0, 0xFF], [0xBF, 0x4E], [0x9F], [0xAF], [0x8F],
        [0xC0], [0xC7], [0xDF], [0xCB], [0xC8], Array(repeating: 0x91, count: 200), Array(repeating: 0xA1, count: 200),
    ]

    func read(_ conversation: Conversation, cutAt cuts: FuzzCuts) -> FuzzReading {
        var reading = FuzzReading()
        var agreement: BoltAgreement?
        let answers = messages(conversation.response, .response, cuts, &agreement, &reading)
        let requests = messages(conversation.request, .request, cuts, &agreement, &reading)
        reading.lines += requests.map(\.line) + ["--"] + answers.map(\.line) + ["--"]
        reading.lines += BoltFuzzSession(requests, answers).lines()
        return reading
    }

    /// - Parameter agreement: what the server has answered to the handshake; the client's decoder is told.
    private func messages(
        _ bytes: [UInt8], _ direction: Direction, _ cuts: FuzzCuts, _ agreement: inout BoltAgreement?,
        _ reading: inout FuzzReading
    ) -> [BoltFuzzMessage] {
        var decoder = BoltDecoder(direction)
        var feed = Feed(bytes, cutAt: cuts, heldMax: Self.heldMax, flaw: flaw)
        var messages: [BoltFuzzMessage] = []
        feed.run { there throws(WireError) in
            guard let piece = try decoder.next(there) else { return nil }
            if decoder.awaitsAgreement { decoder.agree(on: agreement ?? Self.usual) }
            if decoder.beginning.count > BoltDecoder.lookedAt { reading.complaints.append("too much is looked at") }
            guard piece.length <= there.byteCount else { return piece.length }
            let bytes = there.extracting(..<piece.length).withUnsafeBytes { Array($0) }
            if piece.kind == .rest, !messages.isEmpty {
                messages[messages.count - 1].hash.mix(bytes.span.bytes)
            } else {
                messages.append(BoltFuzzMessage(piece.kind, bytes, decoder.beginning))
            }
            messages[messages.count - 1].isWhole = piece.endsMessage
            return piece.length
        }
        if direction == .response { agreement = decoder.agreement }
        reading.complaints += feed.complaints
        reading.lines.append(feed.isLost ? "\(direction) lost" : "\(bytes.count - feed.taken) bytes are held")
        return messages
    }
}

struct BoltFuzzMessage {
    var kind: BoltDecoder.Piece.Kind
    var beginning: [UInt8]
    var hash = BodyHash()
    var isWhole = false

    init(_ kind: BoltDecoder.Piece.Kind, _ bytes: [UInt8], _ beginning: [UInt8]) {
        (self.kind, self.beginning) = (kind, beginning)
        hash.mix(bytes.span.bytes)
    }

    var line: String {
        var seen = BodyHash()
        seen.mix(beginning.span.bytes)
        let tag = if case .message(let tag) = kind { "message \(tag)" } else { "\(kind)" }
        return "\(tag): \(isWhole) \(hash.key) \(seen.key)"
    }
}

/// Has a session look at both streams, a few messages of either in turn.
private struct BoltFuzzSession {
    private let requests: [BoltFuzzMessage]
    private let answers: [BoltFuzzMessage]
    private var session = BoltSession()
    private var exchange = 0
    private var told: [String] = []

    init(_ requests: [BoltFuzzMessage], _ answers: [BoltFuzzMessage]) {
        (self.requests, self.answers) = (requests, answers)
    }

    consuming func lines() -> [String] {
        // The turns are the same wherever the streams are cut.
        var random = FuzzRandom(UInt64(requests.count) << 32 | UInt64(answers.count))
        var (sent, answered) = (0, 0)
        while sent < requests.count || answered < answers.count {
            for _ in 0...random.below(6) where sent < requests.count {
                send(requests[sent], &random)
                sent += 1
            }
            for _ in 0...random.below(6) where answered < answers.count {
                answer(answers[answered])
                answered += 1
            }
        }
        return told
    }

    private mutating func answer(_ message: BoltFuzzMessage) {
        guard case .message(let tag) = message.kind else { return }
        let answer = session.answer(tag, message.beginning.span.bytes)
        told.append("answer \(tag): \(answer.exchange) \(answer.code) \(answer.hashValue)")
        // What is taken apart whole is taken apart without harm.
        let rerouted = BoltWriting.rerouted(message.beginning, to: "127.0.0.1:1")
        told.append("rerouted: \(rerouted?.count ?? 0)")
    }

    private mutating func send(_ message: BoltFuzzMessage, _ random: inout FuzzRandom) {
        guard case .message(let tag) = message.kind else { return }
        let request = session.request(tag, message.beginning.span.bytes)
        told.append("request \(tag): \(request.hashValue)")
        guard case .unit(let unit) = request else { return }
        told.append("unit \(unit.operation) \(unit.transaction) \(unit.key) \(session.refuses(unit))")
        exchange += 1
        if random.below(10) == 0, !unit.isStartup {
            session.sentFailing(exchange: exchange, isRun: unit.kind == .run)
        } else {
            session.sent(unit.kind, exchange: exchange)
        }
    }
}

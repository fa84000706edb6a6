import Wire

struct PostgresFuzz: FuzzedCodec {
    let name = "postgres"
    var flaw: Feed.Flaw?
    /// A start-up message is waited for whole, else the beginning of a message.
    private static let heldMax = 10_000

    func changeLength(_ bytes: inout [UInt8], _ direction: Direction, _ random: inout FuzzRandom) {
        var places: [Int] = []
        var decoder = PostgresDecoder(direction)
        var feed = Feed(bytes, cutAt: .nowhere, heldMax: .max)
        feed.run { there throws(WireError) in
            guard let piece = try decoder.next(there) else { return nil }
            let place = bytes.count - there.byteCount
            if case .startup = piece.kind { places.append(place) } else { places.append(place + 1) }
            return piece.length
        }
        guard let place = places.randomElement(using: &random), place + 4 <= bytes.count else { return }
        let number = Self.numbers[random.below(Self.numbers.count)]
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: number >> (24 - 8 * index)) }
    }

    private static let numbers: [Int32] = [
        0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 100, 8191, 8192, 8193, 9999, 10_000, 10_001, 0x3FFF_FFFF, 0x4000_0000, .max,
        .min, -1, -4,
    ]

    func read(_ conversation: Conversation, cutAt cuts: FuzzCuts) -> FuzzReading {
        var reading = FuzzReading()
        let requests = messages(conversation.request, .request, cuts, &reading)
        // An offer of encryption is answered by one byte, which is no message.
        let refusals = requests.count { $0.isEncryptionRequest }
        let answers = messages(Array(conversation.response.dropFirst(refusals)), .response, cuts, &reading)
        reading.lines += requests.map(\.line) + ["--"] + answers.map(\.line) + ["--"]
        reading.lines += PostgresFuzzSession(requests, answers).lines()
        return reading
    }

    private func messages(
        _ bytes: [UInt8], _ direction: Direction, _ cuts: FuzzCuts, _ reading: inout FuzzReading
    ) -> [PostgresFuzzMessage] {
        var decoder = PostgresDecoder(direction)
        var feed = Feed(bytes, cutAt: cuts, heldMax: Self.heldMax, flaw: flaw)
        var messages: [PostgresFuzzMessage] = []
        feed.run { there throws(WireError) in
            guard let piece = try decoder.next(there) else { return nil }
            guard piece.length <= there.byteCount else { return piece.length }
            let bytes = there.extracting(..<piece.length).withUnsafeBytes { Array($0) }
            if piece.kind == .rest {
                messages[messages.count - 1].rests.append(bytes)
            } else {
                messages.append(PostgresFuzzMessage(piece, bytes))
            }
            messages[messages.count - 1].isWhole = piece.endsMessage
            return piece.length
        }
        reading.complaints += feed.complaints
        reading.lines.append(feed.isLost ? "\(direction) lost" : "\(bytes.count - feed.taken) bytes are held")
        return messages
    }
}

struct PostgresFuzzMessage {
    var kind: PostgresDecoder.Piece.Kind
    var beginning: [UInt8]
    var rests: [[UInt8]] = []
    var length: Int
    var isWhole = false

    init(_ piece: PostgresDecoder.Piece, _ bytes: [UInt8]) {
        (kind, beginning, length) = (piece.kind, bytes, piece.messageLength)
    }

    var isEncryptionRequest: Bool {
        kind == .startup(code: PostgresStartup.ssl) || kind == .startup(code: PostgresStartup.gss)
    }

    var line: String {
        var hash = BodyHash()
        for part in [beginning] + rests { hash.mix(part.span.bytes) }
        let type = if case .message(let type) = kind { Int(type) } else { 0 }
        return "message \(type): \(length) \(isWhole) \(hash.key)"
    }
}

/// Has a session look at both streams, a few messages of either in turn.
private struct PostgresFuzzSession {
    private let requests: [PostgresFuzzMessage]
    private let answers: [PostgresFuzzMessage]
    private var session = PostgresSession()
    private var exchange = 0
    private var told: [String] = []

    init(_ requests: [PostgresFuzzMessage], _ answers: [PostgresFuzzMessage]) {
        (self.requests, self.answers) = (requests, answers)
    }

    consuming func lines() -> [String] {
        // The turns are the same wherever the streams are cut.
        var random = FuzzRandom(UInt64(requests.count) << 32 | UInt64(answers.count))
        var (sent, answered) = (0, 0)
        while sent < requests.count || answered < answers.count {
            for _ in 0...random.below(6) where sent < requests.count {
                send(requests[sent])
                sent += 1
            }
            for _ in 0...random.below(6) where answered < answers.count {
                answer(answers[answered])
                answered += 1
            }
        }
        return told
    }

    private mutating func answer(_ message: PostgresFuzzMessage) {
        guard case .message(let type) = message.kind else { return }
        let answer = session.answer(type, message.beginning.span.bytes)
        told.append(
            "answer \(type): \(answer.exchange) \(answer.sqlstate) \(answer.hashValue) \(session.state.rawValue)")
    }

    private mutating func send(_ message: PostgresFuzzMessage) {
        guard case .message(let type) = message.kind else {
            let unit = PostgresSession.startup(message.beginning.span.bytes)
            tell(unit)
            go(.startup)
            return
        }
        let request = session.request(type, message.beginning.span.bytes, messageLength: message.length)
        for rest in message.rests { session.requestGoesOn(rest.span.bytes) }
        told.append("request \(type): \(request.hashValue)")
        switch request {
        case .unit(let unit):
            tell(session.numbered(unit))
            go(unit.kind)
        case .sync(let unit?):
            tell(session.numbered(unit))
            go(.prepare)
        case .sync(nil): session.sentSync()
        case .part, .skipped, .other: break
        }
    }

    private mutating func tell(_ unit: PostgresSession.Unit) {
        told.append("unit \(unit.operation) \(unit.transaction) \(unit.key) \(unit.hashValue)")
    }

    private mutating func go(_ kind: PostgresSession.Unit.Kind) {
        exchange += 1
        session.sent(kind, exchange: exchange)
    }
}

import Wire

struct RedisFuzz: FuzzedCodec {
    let name = "redis"
    var flaw: Feed.Flaw?
    /// A command of one line is waited for whole.
    private static let heldMax = 65_536

    /// Puts another number where one stands behind a sign that says what it counts.
    func changeLength(_ bytes: inout [UInt8], _ direction: Direction, _ random: inout FuzzRandom) {
        let signs = direction == .request ? Array("*$".utf8) : Array("*$%~>|=!;:".utf8)
        var places: [Range<Int>] = []
        var index = 0
        while index + 1 < bytes.count {
            let start = index + 1
            if signs.contains(bytes[index]), index == 0 || bytes[index - 1] == 0x0A {
                var end = start
                while end < bytes.count, bytes[end] != 0x0D, end - start < 20 { end += 1 }
                places.append(start..<end)
                index = end
            }
            index += 1
        }
        guard let place = places.randomElement(using: &random) else { return }
        bytes.replaceSubrange(place, with: Array(Self.numbers[random.below(Self.numbers.count)].utf8))
    }

    private static let numbers = [
        "0", "1", "2", "3", "10", "100", "16383", "16384", "65536", "2147483647", "2147483648", "4294967295",
        "4294967296",
        "9223372036854775807", "9223372036854775808", "99999999999999999999999", "-1", "-2", "-0", "+1", "01", "", "?",
        "a", " 1",
    ]

    func read(_ conversation: Conversation, cutAt cuts: FuzzCuts) -> FuzzReading {
        var reading = FuzzReading()
        var session = RedisFuzzSession()
        session.requests = requests(conversation.request, cuts, &reading)
        reading.lines += session.requests.map(\.line) + ["--"]
        // Whether somebody looks into arrays depends on what was answered before; here the turns say.
        session.answers = answers(conversation.response, cuts, &reading)
        reading.lines += session.answers.map(\.line) + ["--"] + session.lines()
        if flaw == nil {
            let (quick, slow) = (
                passing(conversation, cuts, isQuick: true), passing(conversation, cuts, isQuick: false)
            )
            if let index = zip(quick, slow).enumerated().first(where: { $1.0 != $1.1 })?.offset {
                reading.complaints.append("found in one go: \(quick[index]), one by one: \(slow[index])")
            } else if quick.count != slow.count {
                reading.complaints.append("\(quick.count) messages found in one go, \(slow.count) one by one")
            }
        }
        return reading
    }

    /// What a link makes of both streams, the server's behind the client's: messages that are small found in one go, or all of them
    /// one by one.
    private func passing(_ conversation: Conversation, _ cuts: FuzzCuts, isQuick: Bool) -> [String] {
        var reading = RedisReading(RedisCommandTable())
        let small = UnsafeMutablePointer<RedisReading.Small>.allocate(capacity: RedisReading.smallMax)
        defer { small.deallocate() }
        var told: [String] = []
        var exchange = 0
        var requests = Feed(conversation.request, cutAt: cuts, heldMax: .max)
        requests.run { there throws(WireError) in
            if isQuick {
                let found = reading.takeSmallCommands(there, exchange: exchange + 1, into: small)
                for index in 0..<found.count {
                    let one = small[index]
                    let key = there.extracting(Int(one.key)..<Int(one.key + one.keyLength)).withUnsafeBytes {
                        Array($0)
                    }
                    told.append("\(one.exchange) \(one.command) \(one.transaction) \(key) \(one.length)")
                }
                exchange += found.count
                if found.count > 0 { return found.length }
            }
            guard let piece = try reading.requests.next(there) else { return nil }
            guard piece.kind == .command else { return piece.length }
            let unit = reading.session.request(piece, there)
            exchange += 1
            let key = there.extracting(unit.key).withUnsafeBytes { bytes in
                reading.session.sent(unit, exchange: exchange, key: bytes)
                return Array(bytes)
            }
            told.append("\(exchange) \(unit.command) \(unit.transaction) \(key) \(piece.length)")
            return piece.length
        }
        var answers = Feed(conversation.response, cutAt: cuts, heldMax: .max)
        answers.run { there throws(WireError) in
            if isQuick {
                let found = reading.takeSmallAnswers(there, into: small)
                for index in 0..<found.count { told.append("\(small[index].exchange) \(small[index].length)") }
                if found.count > 0 { return found.length }
            }
            guard let piece = try reading.nextAnswer(there) else { return nil }
            let open = reading.session.first?.exchange ?? 0
            if let open = reading.session.answersWhole(piece) {
                reading.session.dropFirst()
                told.append("\(open.exchange) \(piece.length)")
                return piece.length
            }
            if piece.kind == .beginning { told.append("\(reading.session.answer(piece)) \(open)") }
            if piece.endsMessage, reading.session.answered(isError: piece.isError, integer: reading.answers.lastInteger)
            {
                reading.session.dropFirst()
            }
            return piece.length
        }
        return told
    }

    private func requests(_ bytes: [UInt8], _ cuts: FuzzCuts, _ reading: inout FuzzReading) -> [RedisFuzzRequest] {
        var decoder = RedisRequestDecoder()
        var feed = Feed(bytes, cutAt: cuts, heldMax: Self.heldMax, flaw: flaw)
        var found: [RedisFuzzRequest] = []
        feed.run { there throws(WireError) in
            guard let piece = try decoder.next(there) else { return nil }
            guard piece.length <= there.byteCount else { return piece.length }
            let bytes = there.extracting(..<piece.length).withUnsafeBytes { Array($0) }
            if piece.kind == .rest {
                found[found.count - 1].hash.mix(bytes.span.bytes)
                found[found.count - 1].length += piece.length
            } else {
                found.append(RedisFuzzRequest(piece, bytes))
            }
            found[found.count - 1].isWhole = piece.endsMessage
            return piece.length
        }
        close(feed, .request, &reading)
        if feed.isLost, found.last?.isWhole == false { found.removeLast() }
        return found
    }

    private func answers(_ bytes: [UInt8], _ cuts: FuzzCuts, _ reading: inout FuzzReading) -> [RedisFuzzAnswer] {
        var decoder = RedisAnswerDecoder()
        var feed = Feed(bytes, cutAt: cuts, heldMax: Self.heldMax, flaw: flaw)
        var found: [RedisFuzzAnswer] = []
        feed.run { there throws(WireError) in
            guard let piece = try decoder.next(there, looksInto: found.count % 2 == 0) else { return nil }
            guard piece.length <= there.byteCount else { return piece.length }
            let bytes = there.extracting(..<piece.length).withUnsafeBytes { Array($0) }
            if piece.kind == .beginning { found.append(RedisFuzzAnswer()) }
            found[found.count - 1].take(piece, bytes)
            if piece.endsMessage { found[found.count - 1].integer = decoder.lastInteger }
            return piece.length
        }
        close(feed, .response, &reading)
        if feed.isLost, found.last?.isWhole == false { found.removeLast() }
        return found
    }

    private func close(_ feed: Feed, _ direction: Direction, _ reading: inout FuzzReading) {
        reading.complaints += feed.complaints
        // How much of what is lost was there depends on the cuts.
        reading.lines.append(feed.isLost ? "\(direction) lost" : "\(feed.bytes.count - feed.taken) bytes are held")
    }
}

private struct RedisFuzzRequest {
    let piece: RedisRequestDecoder.Piece
    let beginning: [UInt8]
    var hash = BodyHash()
    var length: Int
    var isWhole = false

    init(_ piece: RedisRequestDecoder.Piece, _ bytes: [UInt8]) {
        (self.piece, beginning, length) = (piece, bytes, piece.length)
        hash.mix(bytes.span.bytes)
    }

    var line: String {
        "request \(piece.kind) \(piece.argumentCount) \(piece.name) \(piece.first): \(length) \(isWhole) \(hash.key)"
    }
}

private struct RedisFuzzAnswer {
    /// The last beginning or value, which tells what it is.
    var piece: RedisAnswerDecoder.Piece?
    var told: [String] = []
    var hash = BodyHash()
    var length = 0
    var integer = 0
    var isWhole = false

    mutating func take(_ piece: RedisAnswerDecoder.Piece, _ bytes: [UInt8]) {
        if piece.kind != .rest {
            self.piece = piece
            told.append("\(piece.type) \(piece.isNull) \(piece.code) \(piece.word) \(piece.messageLength ?? -1)")
        }
        hash.mix(bytes.span.bytes)
        length += piece.length
        isWhole = piece.endsMessage
    }

    var line: String { "answer \(told): \(length) \(isWhole) \(integer) \(hash.key)" }
}

/// Has a session look at both streams, a few messages of either in turn.
private struct RedisFuzzSession {
    var requests: [RedisFuzzRequest] = []
    var answers: [RedisFuzzAnswer] = []

    func lines() -> [String] {
        var session = RedisSession(RedisCommandTable())
        var told: [String] = []
        // The turns are the same wherever the streams are cut.
        var random = FuzzRandom(UInt64(requests.count) << 32 | UInt64(answers.count))
        var (sent, answered) = (0, 0)
        while sent < requests.count || answered < answers.count {
            for _ in 0...random.below(6) where sent < requests.count {
                sent += 1
                if requests[sent - 1].piece.kind == .command { send(requests[sent - 1], sent, &session, &told) }
            }
            for _ in 0...random.below(6) where answered < answers.count {
                answered += 1
                if answers[answered - 1].isWhole { answer(answers[answered - 1], &session, &told) }
            }
        }
        return told
    }

    private func send(_ request: RedisFuzzRequest, _ number: Int, _ session: inout RedisSession, _ told: inout [String])
    {
        let bytes = request.beginning
        let unit = session.request(request.piece, bytes.span.bytes)
        var keys: [Range<Int>] = []
        unit.keys.forEach(in: bytes.span.bytes, argumentCount: unit.argumentCount) { keys.append($0) }
        let isAwaited = bytes[unit.key].withUnsafeBytes { session.sent(unit, exchange: number, key: $0) }
        let mayWait = session.mayWait(unit, bytes.span.bytes)
        told.append(
            "\(session.table.labels[unit.command]) \(unit.key) \(keys) \(unit.transaction) \(isAwaited) \(mayWait) \(session.isInTransaction)"
        )
    }

    private func answer(_ answer: RedisFuzzAnswer, _ session: inout RedisSession, _ told: inout [String]) {
        guard let piece = answer.piece else { return }
        let meaning = session.answer(piece)
        told.append("\(meaning) \(session.first?.exchange ?? 0) \(session.openCount) \(session.version)")
        guard meaning == .first || meaning == .more else { return }
        if session.answered(isError: piece.isError, integer: answer.integer) { session.dropFirst() }
    }
}

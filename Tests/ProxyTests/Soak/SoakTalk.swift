import Faults
import Reactor

/// What a soak saw of one call, on both sides.
struct SoakCallEvidence: Sendable {
    let call: SoakCall
    /// Bytes of the request that the client has sent, head and body, and of them all.
    var requestSent = 0
    var requestBytes = 0
    /// What the server met of the request: bytes, 0 when not even its head.
    var requestReceived = 0
    var isRequestWhole = false
    var isRequestMarked = false
    /// How often the server met it.
    var servings = 0
    /// Bytes of the server's answer.
    var responseSent = 0
    /// What the client met of the answer.
    var responseReceived = 0
    var status = 0
    var isResponseWhole = false
    var isResponseMarked = false
    /// What differed from what was sent, for people.
    var differences: [String] = []

    init(_ call: SoakCall) { self.call = call }
}

/// What a soak saw of one `http` connection.
final class SoakTalk {
    let id: Int
    let lane: Int
    let began = Nanoseconds.now()
    var ended = Nanoseconds.never
    var calls: [SoakCallEvidence]
    /// How many requests are sent ahead of their answers.
    var depth = 1
    var piece = 1
    var clientAborts: Int?
    /// A client may leave before it has heard anything, so before the link has taken it.
    var leavesUnheard = true
    var slowClient: (bytes: Int, pause: Nanoseconds)?
    var clientEnding: SoakEnding?
    var serverEnding: SoakEnding?
    /// An answer that belongs to no call, or bytes that are no HTTP.
    var nonsense: String?

    init(id: Int, lane: Int, seed: UInt64, random: inout SeededRandom) {
        (self.id, self.lane) = (id, lane)
        let count = random.size(upTo: 24)
        let asksToClose = random.toss()
        calls = []
        for number in 1...count {
            let isLast = asksToClose && number == count
            calls.append(
                SoakCallEvidence(SoakCall(id: id, number: number, seed: seed, isLast: isLast, random: &random)))
        }
        depth = random.next() % 4 == 0 ? Int.random(in: 2...4, using: &random) : 1
        piece = random.next() % 4 == 0 ? Int.random(in: 512...4096, using: &random) : 128 << 10
        switch random.next() % 16 {
        case 0: clientAborts = Int.random(in: 0...50_000, using: &random)
        case 1: slowClient = (16 << 10, Nanoseconds(.milliseconds(5)))
        default: break
        }
    }
}

/// A client that asks one call after the other on a connection that it keeps.
final class SoakTalkClient: SoakEnd {
    private let talk: SoakTalk
    private var reader = SoakHTTPReader()
    private var output: [UInt8] = []
    private var position = 0
    /// Calls whose request has begun to be sent, and whose answer is whole.
    private var asked = 0
    private var answered = 0
    private var passed = 0
    private var heard = false
    private var bodyPosition = 0

    init(_ descriptor: Int32, _ talk: SoakTalk) {
        self.talk = talk
        super.init(descriptor)
        slowness = talk.slowClient
        prepare()
    }

    private func prepare() {
        guard position == output.count, asked < talk.calls.count, asked - answered < talk.depth, !sawEnd else { return }
        output = talk.calls[asked].call.requestBytes
        talk.calls[asked].requestBytes = output.count
        position = 0
        asked += 1
    }

    override var sayable: Int { min(output.count - position, talk.piece) }

    override func say(into buffer: UnsafeMutableRawBufferPointer) {
        buffer.copyBytes(from: output[position..<(position + buffer.count)])
    }

    override func sent(_ count: Int) {
        position += count
        passed += count
        talk.calls[asked - 1].requestSent += count
        prepare()
    }

    override var hasSaidAll: Bool { sawEnd || answered == talk.calls.count || talk.nonsense != nil }
    override var shallAbort: Bool {
        talk.nonsense != nil || talk.clientAborts.map { passed > $0 && (heard || talk.leavesUnheard) } ?? false
    }

    override func took(_ bytes: UnsafeRawBufferPointer) {
        passed += bytes.count
        heard = true
        var reader = reader
        reader.take(Array(bytes)) { piece, size in took(piece, size) }
        if answered < talk.calls.count, reader.isInside { talk.calls[answered].responseReceived = reader.messageBytes }
        self.reader = reader
        prepare()
    }

    private func took(_ piece: SoakHTTPReader.Piece, _ size: Int) {
        guard talk.nonsense == nil else { return }
        guard answered < asked else { return talk.nonsense = "an answer to nothing" }
        let call = talk.calls[answered].call
        talk.calls[answered].responseReceived = size
        switch piece {
        case .nonsense: talk.nonsense = "an answer that is none"
        case .head(let head):
            bodyPosition = 0
            talk.calls[answered].status = Int(head.dropFirst(9).prefix(3)) ?? 0
            talk.calls[answered].isResponseMarked = head.contains("\r\n\(SoakCall.markHeader): here\r\n")
        case .body(let part):
            if talk.calls[answered].status == 200 {
                let found = part.withUnsafeBytes { call.response.differences(in: $0, from: bodyPosition) }
                if let first = found.first { talk.calls[answered].differences.append("answer's body at \(first)") }
            }
            bodyPosition += part.count
        case .end:
            if talk.calls[answered].status == 200, bodyPosition != call.responseSize {
                talk.calls[answered].differences.append("\(bodyPosition) bytes of \(call.responseSize) in the answer")
            }
            talk.calls[answered].isResponseWhole = true
            answered += 1
        }
    }

    override func end(_ how: SoakEnding) {
        guard ending == nil else { return }
        super.end(how)
        talk.clientEnding = how
        talk.ended = .now()
    }
}

/// The server's end of an `http` connection: it answers every call as its target says.
final class SoakTalkServer: SoakEnd {
    private let seed: UInt64
    private let find: (Int) -> SoakTalk?
    private var talk: SoakTalk?
    private var reader = SoakHTTPReader()
    private var output: [UInt8] = []
    private var position = 0
    private var present: SoakCall?
    private var bodyPosition = 0
    private var isClosing = false
    private var metNonsense = false

    init(_ descriptor: Int32, seed: UInt64, find: @escaping (Int) -> SoakTalk?) {
        self.seed = seed
        self.find = find
        super.init(descriptor)
    }

    override var sayable: Int { output.count - position }

    override func say(into buffer: UnsafeMutableRawBufferPointer) {
        buffer.copyBytes(from: output[position..<(position + buffer.count)])
    }

    override func sent(_ count: Int) {
        position += count
        if position == output.count { (output, position) = ([], 0) }
    }

    override var hasSaidAll: Bool { (sawEnd || isClosing) && position == output.count }
    override var shallAbort: Bool { metNonsense }

    override func took(_ bytes: UnsafeRawBufferPointer) {
        var reader = reader
        reader.take(Array(bytes)) { piece, size in took(piece, size) }
        if reader.isInside { note { $0.requestReceived = reader.messageBytes } }
        self.reader = reader
    }

    private func note(_ body: (inout SoakCallEvidence) -> Void) {
        guard let present, let talk, talk.calls.indices.contains(present.number - 1) else { return }
        body(&talk.calls[present.number - 1])
    }

    private func took(_ piece: SoakHTTPReader.Piece, _ size: Int) {
        guard !metNonsense else { return }
        switch piece {
        case .nonsense: metNonsense = true
        case .head(let head):
            guard let call = SoakCall(head: head, seed: seed), let talk = find(call.id),
                talk.calls.indices.contains(call.number - 1)
            else {
                metNonsense = true
                return
            }
            (present, self.talk, bodyPosition) = (call, talk, 0)
            note {
                $0.servings += 1
                $0.requestReceived = size
                $0.isRequestMarked = head.contains("\r\n\(SoakCall.markHeader): here\r\n")
            }
        case .body(let part):
            guard let present else { return }
            let found = part.withUnsafeBytes { present.request.differences(in: $0, from: bodyPosition) }
            if let first = found.first { note { $0.differences.append("request's body at \(first)") } }
            bodyPosition += part.count
        case .end:
            guard let present else { return }
            let answer = present.responseBytes
            note {
                $0.requestReceived = size
                $0.isRequestWhole = true
                $0.responseSent = answer.count
                if bodyPosition != present.requestSize {
                    $0.differences.append("\(bodyPosition) bytes of \(present.requestSize) in the request")
                }
            }
            output = Array(output[position...]) + answer
            position = 0
            isClosing = present.isLast
            self.present = nil
        }
    }

    override func end(_ how: SoakEnding) {
        guard ending == nil else { return }
        super.end(how)
        talk?.serverEnding = how
    }
}

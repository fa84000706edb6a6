import Faults
import Reactor

/// What the two peers of a `tcp` connection say, drawn before it begins.
struct SoakScript: Sendable {
    enum Pace: Hashable, Sendable {
        /// Both speak at once.
        case free
        /// The server speaks when the client has ended.
        case answerAfterEnd
        /// The server ends before the client does.
        case serverEndsFirst
        /// Each says so many bytes and waits for as many of the other.
        case lockstep(Int)
    }

    let id: Int
    let seed: UInt64
    var requestSize = 0
    var responseSize = 0
    /// Bytes that are written at once.
    var piece = 1
    var pace = Pace.free
    /// Breaks the connection after it has sent and received so many bytes.
    var clientAborts: Int?
    var serverAborts: Int?
    /// A client may leave before it has heard anything, so before the link has taken it.
    var leavesUnheard = true
    var slowClient: (bytes: Int, pause: Nanoseconds)?
    var slowServer: (bytes: Int, pause: Nanoseconds)?

    /// The id, and a hash of it, so that the server knows whose stream it is even where a fault has changed some of it.
    static let headerSize = 16

    init(id: Int, seed: UInt64, random: inout SeededRandom) {
        self.id = id
        self.seed = seed
        let most = random.next() % 8 == 0 ? 4 << 20 : 128 << 10
        requestSize = Self.headerSize + random.size(upTo: most) - 1
        responseSize = random.size(upTo: most) - 1
        piece = random.size(upTo: 64 << 10)
        switch random.next() % 8 {
        case 0, 1: pace = .answerAfterEnd
        case 2, 3: pace = .serverEndsFirst
        case 4:
            // The first step must say whose stream it is.
            let step = Self.headerSize + random.size(upTo: 2048)
            pace = .lockstep(step)
            requestSize = Self.headerSize + step * Int.random(in: 1...40, using: &random)
            responseSize = requestSize
        default: pace = .free
        }
        // A peer that says little at a time says little in all, else it never comes to an end.
        (requestSize, responseSize) = (min(requestSize, piece * 2000 + 16), min(responseSize, piece * 2000))
        if case .lockstep = pace { responseSize = requestSize }
        switch random.next() % 16 {
        case 0: clientAborts = Int.random(in: 0...(requestSize + responseSize - 1), using: &random)
        case 1: serverAborts = Int.random(in: 0...(requestSize + responseSize - 1), using: &random)
        case 2: slowClient = (responseSize / 20 + 1, Nanoseconds(.milliseconds(20)))
        case 3: slowServer = (requestSize / 20 + 1, Nanoseconds(.milliseconds(20)))
        default: break
        }
    }

    var request: NumberedBytes { NumberedBytes(seed, UInt64(id), 1) }
    var response: NumberedBytes { NumberedBytes(seed, UInt64(id), 2) }

    static func header(_ id: Int, seed: UInt64) -> [UInt8] {
        var hash = StableHash()
        hash.mix(seed)
        hash.mix(UInt64(id))
        return [UInt64(id), hash.value].flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }
}

/// One direction of a connection as its two peers counted it.
struct SoakPassage: Hashable, Sendable {
    var sent = 0
    /// Its sender has sent FIN behind its last byte.
    var isComplete = false
    var received = 0
    /// Offsets at which what arrived differs from what was sent; the first of them, when there are many.
    var differences: [Int] = []
    /// Its receiver saw FIN.
    var sawEnd = false

    static let differencesMax = 10_000

    mutating func note(_ found: [Int]) {
        if differences.count < Self.differencesMax { differences += found }
    }
}

/// What a soak saw of one connection.
final class SoakEvidence {
    let script: SoakScript
    let lane: Int
    let began: Nanoseconds
    var ended = Nanoseconds.never
    var request = SoakPassage()
    var response = SoakPassage()
    var clientEnding: SoakEnding?
    /// `nil` when the server has not met it.
    var serverEnding: SoakEnding?

    init(_ script: SoakScript, lane: Int) {
        self.script = script
        self.lane = lane
        began = .now()
    }
}

/// Either end of a `tcp` connection: it says its stream, and compares what it hears with the other's, byte for byte.
class SoakStreamEnd: SoakEnd {
    final var said = 0
    final var heard = 0

}

final class SoakStreamClient: SoakStreamEnd {
    private let evidence: SoakEvidence
    private let header: [UInt8]
    private var script: SoakScript { evidence.script }

    init(_ descriptor: Int32, _ evidence: SoakEvidence) {
        self.evidence = evidence
        header = SoakScript.header(evidence.script.id, seed: evidence.script.seed)
        super.init(descriptor)
        slowness = evidence.script.slowClient
    }

    private var allowed: Int {
        switch script.pace {
        case .free, .answerAfterEnd, .serverEndsFirst: script.requestSize
        case .lockstep(let step): sawEnd ? said : heard + step
        }
    }

    override var sayable: Int { max(0, min(script.requestSize - said, script.piece, allowed - said)) }

    override func say(into buffer: UnsafeMutableRawBufferPointer) {
        script.request.fill(buffer, from: said)
        for index in 0..<max(0, min(buffer.count, header.count - said)) { buffer[index] = header[said + index] }
    }

    override func sent(_ count: Int) {
        said += count
        evidence.request.sent = said
    }

    override var hasSaidAll: Bool {
        if case .lockstep = script.pace, sawEnd { return true }
        return said == script.requestSize && (script.pace != .serverEndsFirst || sawEnd)
    }

    override var shallAbort: Bool {
        script.clientAborts.map { said + heard > $0 && (heard > 0 || script.leavesUnheard) } ?? false
    }

    override func took(_ bytes: UnsafeRawBufferPointer) {
        evidence.response.note(script.response.differences(in: bytes, from: heard))
        heard += bytes.count
        evidence.response.received = heard
    }

    override func tookEnd() { evidence.response.sawEnd = true }

    override func end(_ how: SoakEnding) {
        guard ending == nil else { return }
        super.end(how)
        evidence.request.isComplete = said == script.requestSize && how == .finished
        evidence.clientEnding = how
        evidence.ended = .now()
    }
}

final class SoakStreamServer: SoakStreamEnd {
    private var header: [UInt8] = []
    private(set) var evidence: SoakEvidence?
    /// Finds the connection by the first bytes of its stream.
    private let find: ([UInt8]) -> SoakEvidence?

    init(_ descriptor: Int32, find: @escaping ([UInt8]) -> SoakEvidence?) {
        self.find = find
        super.init(descriptor)
    }

    private var allowed: Int {
        guard let script = evidence?.script else { return 0 }
        switch script.pace {
        case .free, .serverEndsFirst: return script.responseSize
        case .answerAfterEnd: return sawEnd ? script.responseSize : 0
        case .lockstep: return sawEnd && heard < script.requestSize ? said : heard
        }
    }

    override var sayable: Int {
        guard let script = evidence?.script else { return 0 }
        return max(0, min(script.responseSize - said, script.piece, allowed - said))
    }

    override func say(into buffer: UnsafeMutableRawBufferPointer) {
        evidence?.script.response.fill(buffer, from: said)
    }

    override func sent(_ count: Int) {
        said += count
        evidence?.response.sent = said
    }

    override var hasSaidAll: Bool {
        guard let script = evidence?.script else { return sawEnd }
        switch script.pace {
        case .lockstep where sawEnd && heard < script.requestSize: return true
        case .answerAfterEnd: return sawEnd && said == script.responseSize
        case .free, .serverEndsFirst, .lockstep: return said == script.responseSize
        }
    }

    override var shallAbort: Bool { evidence?.script.serverAborts.map { said + heard > $0 } ?? false }

    override func took(_ bytes: UnsafeRawBufferPointer) {
        var bytes = bytes
        if evidence == nil {
            let part = bytes.prefix(SoakScript.headerSize - header.count)
            header += part
            guard header.count == SoakScript.headerSize else { return }
            bytes = UnsafeRawBufferPointer(rebasing: bytes[part.endIndex...])
            guard let found = find(header) else { return end(.aborted) }
            evidence = found
            slowness = found.script.slowServer
            let expected = SoakScript.header(found.script.id, seed: found.script.seed)
            found.request.note(header.indices.filter { header[$0] != expected[$0] })
            heard = header.count
        }
        guard let evidence else { return }
        evidence.request.note(evidence.script.request.differences(in: bytes, from: heard))
        heard += bytes.count
        evidence.request.received = heard
    }

    override func tookEnd() { evidence?.request.sawEnd = true }

    override func end(_ how: SoakEnding) {
        guard ending == nil else { return }
        super.end(how)
        guard let evidence else { return }
        evidence.response.isComplete = said == evidence.script.responseSize && how == .finished
        evidence.serverEnding = how
    }
}

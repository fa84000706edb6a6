import Faults
import Glibc

/// One call of an `http` connection, drawn before it begins.
struct SoakCall: Sendable {
    /// How a body is framed.
    enum Framing: String, Hashable, Sendable, CaseIterable {
        case length, chunked
    }

    /// Of the connection; with `number` it is in the path, so that the server knows what to expect and to answer.
    let id: Int
    /// From 1, as the wire history counts exchanges.
    let number: Int
    let seed: UInt64
    var requestSize = 0
    var requestFraming = Framing.length
    var responseSize = 0
    var responseFraming = Framing.length
    /// The client asks for the connection's end behind this call.
    var isLast = false

    /// A header of every message that does nothing, for faults that take headers away.
    static let markHeader = "X-Soak-Mark"

    init(id: Int, number: Int, seed: UInt64, isLast: Bool, random: inout SeededRandom) {
        (self.id, self.number, self.seed, self.isLast) = (id, number, seed, isLast)
        let most = random.next() % 16 == 0 ? 1 << 20 : 32 << 10
        requestSize = random.next() % 3 == 0 ? 0 : random.size(upTo: most)
        responseSize = random.size(upTo: most) - 1
        requestFraming = Framing.allCases.randomElement(using: &random)!
        responseFraming = Framing.allCases.randomElement(using: &random)!
    }

    /// What a request's target says, as the server reads it.
    ///
    /// - Parameter head: of a request, from its first line on.
    init?(head: String, seed: UInt64) {
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count == 3 else { return nil }
        let parts = words[1].split(separator: "/")
        guard parts.count == 6, parts[0] == "soak", let id = Int(parts[1]), let number = Int(parts[2]),
            let requestSize = Int(parts[3].dropFirst()), let responseSize = Int(parts[4].dropFirst()),
            let framing = Framing(rawValue: String(parts[5]))
        else { return nil }
        (self.id, self.number, self.seed) = (id, number, seed)
        (self.requestSize, self.responseSize, responseFraming) = (requestSize, responseSize, framing)
        isLast = head.contains("\r\nConnection: close\r\n")
    }

    var request: NumberedBytes { NumberedBytes(seed, UInt64(id), UInt64(number), 1) }
    var response: NumberedBytes { NumberedBytes(seed, UInt64(id), UInt64(number), 2) }

    /// The whole request, as it goes over the wire.
    var requestBytes: [UInt8] {
        let method = requestSize == 0 ? "GET" : "PUT"
        let line =
            "\(method) /soak/\(id)/\(number)/q\(requestSize)/a\(responseSize)/\(responseFraming.rawValue) HTTP/1.1"
        let end = isLast ? "Connection: close\r\n" : ""
        return Self.message(
            "\(line)\r\nHost: soak\r\n\(end)", request, requestSize, requestSize == 0 ? nil : requestFraming)
    }

    /// The whole answer of the server.
    var responseBytes: [UInt8] {
        Self.message("HTTP/1.1 200 OK\r\n", response, responseSize, responseFraming)
    }

    private static func message(_ head: String, _ body: NumberedBytes, _ size: Int, _ framing: Framing?) -> [UInt8] {
        let mark = "\(head)\(markHeader): here\r\n"
        switch framing {
        case nil: return Array("\(mark)\r\n".utf8)
        case .length: return Array("\(mark)Content-Length: \(size)\r\n\r\n".utf8) + body.bytes(size)
        case .chunked:
            var bytes = Array("\(mark)Transfer-Encoding: chunked\r\n\r\n".utf8)
            var (position, length) = (0, 1)
            while position < size {
                let count = min(length, size - position)
                bytes += Array("\(String(count, radix: 16))\r\n".utf8) + body.bytes(count, from: position) + [13, 10]
                (position, length) = (position + count, length * 3 + 1)
            }
            return bytes + Array("0\r\n\r\n".utf8)
        }
    }
}

/// Takes a peer's stream of HTTP messages apart, at its plainest.
struct SoakHTTPReader {
    enum Piece {
        case head(String)
        case body(ArraySlice<UInt8>)
        case end
        /// No message that a peer of the soak would send.
        case nonsense
    }

    private enum State: Hashable {
        case head
        case length(Int)
        case chunkSize
        case chunk(Int)
        /// The line end behind a chunk.
        case chunkEnd
        case trailer
    }

    private var state = State.head
    private var line: [UInt8] = []
    /// Bytes of the present message so far, framing among them.
    private(set) var messageBytes = 0
    /// Whether a message has begun and not ended.
    var isInside: Bool { state != .head || !line.isEmpty }

    mutating func take(_ bytes: [UInt8], _ body: (Piece, _ messageBytes: Int) -> Void) {
        var position = 0
        while position < bytes.count {
            let start = position
            let piece = next(bytes, &position)
            messageBytes += position - start
            guard let piece else { continue }
            body(piece, messageBytes)
            if case .nonsense = piece { return }
            if case .head = piece, state == .head {
                body(.end, messageBytes)
                messageBytes = 0
            }
            if case .body = piece, state == .length(0) {
                state = .head
                body(.end, messageBytes)
                messageBytes = 0
            }
            if case .end = piece { messageBytes = 0 }
        }
    }

    private mutating func next(_ bytes: [UInt8], _ position: inout Int) -> Piece? {
        switch state {
        case .head:
            guard takeLine(bytes, &position, until: [13, 10, 13, 10]) else { return nil }
            let head = String(decoding: line, as: UTF8.self)
            line = []
            guard let found = Self.framing(head) else { return .nonsense }
            state = found
            return .head(head)
        case .length(let left), .chunk(let left):
            let part = bytes[position..<min(bytes.count, position + left)]
            position = part.endIndex
            if case .length = state { state = .length(left - part.count) } else { state = .chunk(left - part.count) }
            if state == .chunk(0) { state = .chunkEnd }
            return .body(part)
        case .chunkSize:
            guard takeLine(bytes, &position, until: [13, 10]) else { return nil }
            guard let size = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) else { return .nonsense }
            line = []
            state = size == 0 ? .trailer : .chunk(size)
            return nil
        case .chunkEnd, .trailer:
            guard takeLine(bytes, &position, until: [13, 10]) else { return nil }
            guard line.count == 2 else { return .nonsense }
            line = []
            defer { state = state == .trailer ? .head : .chunkSize }
            return state == .trailer ? .end : nil
        }
    }

    private mutating func takeLine(_ bytes: [UInt8], _ position: inout Int, until end: [UInt8]) -> Bool {
        while position < bytes.count {
            line.append(bytes[position])
            position += 1
            if line.last == 10, line.suffix(end.count) == end[...] { return true }
        }
        return false
    }

    private static func framing(_ head: String) -> State? {
        guard head.hasPrefix("HTTP/1.1 ") || head.contains(" HTTP/1.1\r\n") else { return nil }
        for line in head.split(separator: "\r\n") {
            let lower = line.lowercased()
            if lower.hasPrefix("content-length: ") {
                guard let length = Int(lower.dropFirst(16)) else { return nil }
                return length == 0 ? .head : .length(length)
            }
            if lower == "transfer-encoding: chunked" { return .chunkSize }
        }
        return .head
    }
}

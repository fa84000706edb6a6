import Testing
import Wire

/// A client of Bolt, or a server, message by message.
final class BoltSpeaker {
    let peer: Peer
    let version: BoltVersion
    private var chunks = BoltChunks()

    init(_ peer: Peer, version: BoltVersion = BoltVersion(5, 4)) { (self.peer, self.version) = (peer, version) }

    /// Shakes hands and logs on, as a client.
    func begin(user: String, password: String) async throws {
        let offer: [UInt8] = [0x60, 0x60, 0xB0, 0x17, 0, 0, UInt8(version.minor), UInt8(version.major)]
        try await peer.send(offer + Array(repeating: 0, count: 12))
        #expect(try await peer.receive(4) == [0, 0, UInt8(version.minor), UInt8(version.major)])
        let token: [String: BoltValue] = [
            "scheme": "basic", "principal": .string(user), "credentials": .string(password),
        ]
        let agent: [String: BoltValue] = ["user_agent": "speaker/1", "bolt_agent": ["product": "speaker/1"]]
        if version >= BoltVersion(5, 1) {
            try await send(Self.message(BoltTag.hello, .map(agent)), Self.message(BoltTag.logon, .map(token)))
            #expect(try await hear(2) == ["SUCCESS", "SUCCESS"])
        } else {
            try await send(
                Self.message(BoltTag.hello, .map(token.merging(["user_agent": "speaker/1"]) { old, _ in old })))
            #expect(try await hear(1) == ["SUCCESS"])
        }
    }

    static func message(_ tag: UInt8, _ fields: BoltValue...) -> [UInt8] {
        var writer = PackStreamWriter()
        writer.write(.structure(tag: tag, fields: fields))
        return BoltChunks.split(writer.bytes)
    }

    static func run(_ text: String, _ parameters: BoltValue = [:]) -> [UInt8] {
        message(BoltTag.run, .string(text), parameters, [:])
    }

    static let begin = message(BoltTag.begin, [:])
    static let commit = message(BoltTag.commit)
    static let rollback = message(BoltTag.rollback)
    static let reset = message(BoltTag.reset)
    static let pull = message(BoltTag.pull, ["n": -1])

    /// Messages, in one delivery.
    func send(_ messages: [UInt8]...) async throws { try await peer.send(messages.flatMap { $0 }) }

    /// The next message.
    func next() async throws -> (tag: UInt8, fields: [BoltValue]) {
        while true {
            if let message = try chunks.next() {
                guard case .structure(let tag, let fields) = try PackStreamReader.read(message) else {
                    throw Peer.Failure.other(0)
                }
                return (tag, fields)
            }
            let bytes = try await peer.receive()
            guard !bytes.isEmpty else { throw Peer.Failure.other(-1) }
            chunks.append(bytes)
        }
    }

    /// The next messages: `SUCCESS`, `RECORD`, `IGNORED`, `FAILURE` with its code; `end` and nothing more where there is no
    /// other, `reset` where the connection breaks.
    func hear(_ count: Int) async throws -> [String] {
        var heard: [String] = []
        for _ in 0..<count {
            do {
                let (tag, fields) = try await next()
                let code = fields.first?["code"] ?? fields.first?["neo4j_code"]
                heard.append(Self.names[tag].map { $0 + (code?.string.map { " \($0)" } ?? "") } ?? "\(tag)")
            } catch let failure as Peer.Failure where failure == .reset || failure == .other(-1) {
                return heard + [failure == .reset ? "reset" : "end"]
            }
        }
        return heard
    }

    private static let names = [
        BoltTag.success: "SUCCESS", BoltTag.record: "RECORD", BoltTag.ignored: "IGNORED", BoltTag.failure: "FAILURE",
    ]
}

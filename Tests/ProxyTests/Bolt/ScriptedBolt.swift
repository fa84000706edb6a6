import Testing
import Wire

/// A Bolt server of a version that cannot be had here: 5.8, agreed upon by its manifest. It answers every query with a record,
/// fails those that begin with `faultline` as Neo4j fails what it cannot parse, and says that all servers are elsewhere.
actor ScriptedBolt {
    static let version = BoltVersion(5, 8)
    private let listener: PeerListener
    private var served: [Task<Void, Never>] = []
    /// What it was asked to run, in order.
    private(set) var queries: [String] = []

    init(_ listener: PeerListener) { self.listener = listener }

    /// Takes connections until the test is over.
    func serve() async {
        while !Task.isCancelled {
            guard !listener.isQuiet, let peer = try? await listener.accept() else {
                await Task.yield()
                continue
            }
            served.append(Task { try? await self.serve(peer) })
        }
        for task in served { task.cancel() }
    }

    private func serve(_ peer: Peer) async throws {
        _ = try await peer.receive(20)
        // Two versions in the list, and no capabilities.
        try await peer.send([0, 0, 1, 0xFF, 2, 0, 8, 8, 5, 0, 0, 4, 4, 0])
        guard try await peer.receive(5) == [0, 0, 8, 5, 0] else { throw Peer.Failure.other(1) }
        let speaker = BoltSpeaker(peer, version: Self.version)
        var hasFailed = false
        while true {
            let (tag, fields) = try await speaker.next()
            if hasFailed, tag != BoltTag.reset {
                try await speaker.send(BoltSpeaker.message(BoltTag.ignored))
                continue
            }
            hasFailed = false
            if tag == BoltTag.run, let text = fields.first?.string {
                queries.append(text)
                hasFailed = text.hasPrefix("faultline")
            }
            try await speaker.send(hasFailed ? Self.syntaxError : Self.answer(tag))
        }
    }

    private static let syntaxError = BoltSpeaker.message(
        BoltTag.failure,
        [
            "neo4j_code": "Neo.ClientError.Statement.SyntaxError", "message": "Invalid input 'faultline'",
            "gql_status": "42001", "description": "error: syntax error or access rule violation - invalid syntax",
            "diagnostic_record": ["OPERATION": "", "OPERATION_CODE": "0", "CURRENT_SCHEMA": "/"],
        ])

    private static func answer(_ tag: UInt8) -> [UInt8] {
        switch tag {
        case BoltTag.hello:
            BoltSpeaker.message(BoltTag.success, ["server": "Neo4j/2025.01.0", "connection_id": "bolt-1"])
        case BoltTag.run: BoltSpeaker.message(BoltTag.success, ["fields": ["n"], "t_first": 1])
        case BoltTag.pull:
            BoltSpeaker.message(BoltTag.record, [1])
                + BoltSpeaker.message(BoltTag.success, ["type": "r", "db": "neo4j"])
        case BoltTag.route: BoltSpeaker.message(BoltTag.success, ["rt": table])
        default: BoltSpeaker.message(BoltTag.success, [:])
        }
    }

    private static let table: BoltValue = [
        "ttl": 300, "db": "neo4j",
        "servers": [
            ["role": "WRITE", "addresses": ["one.invalid:7687"]],
            ["role": "READ", "addresses": ["two.invalid:7687", "three.invalid:7687"]],
            ["role": "ROUTE", "addresses": ["one.invalid:7687", "two.invalid:7687", "three.invalid:7687"]],
        ],
    ]
}

import Proxy
import Stores
import Testing
import Wire

/// Drivers that ask for a routing table stay on the link.
@Suite struct BoltRoutingTests {
    private static let route = BoltSpeaker.message(
        BoltTag.route, ["address": "somewhere.else:7687"], [], ["db": "neo4j"])

    @Test(arguments: [BoltVersion(4, 4), BoltVersion(5, 4)]) func eachLaneLeadsBackToItself(version: BoltVersion)
        async throws
    {
        try await BoltTestbed.with(lanes: 2) { bed in
            for lane in 0..<2 {
                let speaker = try await bed.speaker(version, lane: lane)
                try await speaker.send(Self.route)
                let (tag, fields) = try await speaker.next()
                let servers = try #require(fields.first?["rt"]?["servers"]?.list)
                #expect(
                    tag == BoltTag.success
                        && servers.compactMap { $0["role"]?.string }.sorted() == ["READ", "ROUTE", "WRITE"])
                let address = BoltValue.string(try bed.links.address(lane: lane))
                #expect(servers.allSatisfy { $0["addresses"]?.list == [address] })
                #expect(fields.first?["rt"]?["ttl"]?.int == 300)
            }
            try await bed.expectUnderstood()
        }
    }

    @Test func aRefusedRouteIsAFailure() async throws {
        try await BoltTestbed.with { bed in
            try await bed.inject(
                "bolt-failure", ["code": "Neo.TransientError.General.DatabaseUnavailable"], on: "ROUTE")
            let speaker = try await bed.speaker()
            try await speaker.send(Self.route, BoltSpeaker.reset)
            let heard = ["FAILURE Neo.TransientError.General.DatabaseUnavailable", "SUCCESS"]
            #expect(try await speaker.hear(2) == heard)
        }
    }

    /// The newest version, with its handshake and its form of errors.
    private func scripted(_ body: (BoltTestbed, ScriptedBolt) async throws -> Void) async throws {
        let listener = try PeerListener()
        let server = ScriptedBolt(listener)
        let serving = Task { await server.serve() }
        defer { serving.cancel() }
        let link = LinkConfiguration(name: "link", linkProtocol: .bolt, service: .neo4j, upstream: listener.address)
        try await TestLinks.with(link) { links in
            let client = BoltClient(endpoint: "bolt://\(try links.address())", connections: 1)
            defer { client.close() }
            try await body(
                BoltTestbed(
                    links: links, direct: client, client: client, user: "neo4j", password: "secret", label: "Chunk"),
                server)
        }
    }

    @Test func aDriverOfTheNewestVersionStaysOnTheLink() async throws {
        try await scripted { bed, server in
            let lines = try await bed.python(
                """
                with driver.session(database="neo4j") as session:
                    print(session.run(f"MATCH (n:{label}) RETURN n").single()[0])
                    print(session.execute_write(lambda tx: tx.run(f"CREATE (n:{label})").single()[0]))
                print(driver.get_server_info().protocol_version)
                """, scheme: "neo4j")
            #expect(lines == ["1", "1", "5.8"])
            #expect(await server.queries == ["MATCH (n:Chunk) RETURN n", "CREATE (n:Chunk)"])
            let operations = try await bed.operations()
            #expect(operations.contains("ROUTE") && operations.contains("MATCH Chunk") && operations.contains("COMMIT"))
            try await bed.expectUnderstood()
        }
    }

    @Test func aFailureHasTheFormOfTheNewestVersion() async throws {
        try await scripted { bed, server in
            try await bed.inject(
                "bolt-failure", ["code": "Neo.TransientError.Transaction.LeaderSwitch"], on: "CREATE *")
            let lines = try await bed.python(
                """
                with driver.session(database="neo4j") as session:
                    try:
                        session.run(f"CREATE (n:{label})").consume()
                    except neo4j.exceptions.TransientError as error:
                        print(error.code)
                        print(error.message)
                        print(error.gql_status, error.diagnostic_record["OPERATION_CODE"])
                    print(session.run(f"MATCH (n:{label}) RETURN n").single()[0])
                """)
            #expect(
                lines == [
                    "Neo.TransientError.Transaction.LeaderSwitch",
                    "The request could not be completed due to cluster leader switch", "50N42 0", "1",
                ])
            let code = "injects NeoTransientErrorTransactionLeaderSwitch in place of CREATE Chunk"
            #expect(await server.queries.first == "faultline \(code)")
        }
    }
}

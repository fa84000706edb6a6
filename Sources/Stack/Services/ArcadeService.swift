import Foundation
package import Stores
import Wire

/// ArcadeDB, which speaks Bolt: stands in for Neo4j. Java and jars come in its Python wheel.
///
/// `graph.edgeAppendMerge` is off: with it, a commit that meets another's on the same page of edges is merged into it, and under many
/// writers a relationship ends up at another node than the one it was made for, with no error to anybody (seen with 26.10.2).
package struct ArcadeService: StackService {
    package let name = "neo4j"
    package let portRoles = ["main", "http"]

    package init() {}

    package func command(_ site: Site) throws -> Command {
        let package = try PythonEnvironment(home: site.home).package("arcadedb_embedded", service: name)
        let java = package + "/jre/bin/java"
        return Command(
            executable: java,
            arguments: [
                "-Xms64m", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=\(site.data)",
                "-Darcadedb.server.rootPath=\(site.data)",
                "-Darcadedb.server.databaseDirectory=\(site.data)/databases",
                "-Darcadedb.server.rootPasswordPath=\(try site.secret().file)",
                "-Darcadedb.server.httpIncomingHost=127.0.0.1",
                "-Darcadedb.server.httpIncomingPort=\(site["http"])",
                "-Darcadedb.server.plugins=BoltProtocolPlugin",
                "-Darcadedb.bolt.host=127.0.0.1", "-Darcadedb.bolt.port=\(site.port)",
                "-Darcadedb.server.defaultDatabases=neo4j[root]",
                "-Darcadedb.graph.edgeAppendMerge=false",
                "-cp", "\(package)/jars/*", "com.arcadedb.server.ArcadeDBServer",
            ])
    }

    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let client = BoltClient(endpoint: try endpoint(site), connections: 1)
        defer { client.close() }
        let result = try await client.run("RETURN 1 AS one", timeout: timeout)
        guard result.records == [[.int(1)]] else {
            throw StackError(service: name, what: "RETURN 1 was answered by \(result.records)")
        }
        return "ArcadeDB over Bolt"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        if let endpoint = try? endpoint(site) { endpoints.neo4j = endpoint }
    }

    private func endpoint(_ site: Site) throws -> String {
        "bolt://root:\(try site.secret().value)@\(site.address)"
    }
}

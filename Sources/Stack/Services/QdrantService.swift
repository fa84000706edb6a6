package import Stores

/// The Qdrant engine behind our REST facade: stands in for the Qdrant server.
package struct QdrantService: StackService {
    package let name = "qdrant"

    package init() {}

    package func command(_ site: Site) throws -> Command {
        Command(
            executable: PythonEnvironment(home: site.home).python,
            arguments: ["-u", site.home.native + "/qdrant_facade.py", "--port", "\(site.port)", "--data", site.data])
    }

    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let answer = try await PlainExchange.get(port: site.port, "/collections", timeout: timeout)
        guard answer.contains("\"collections\"") else {
            throw StackError(service: name, what: "the list of collections was answered by \(answer.prefix(200))")
        }
        return "qdrant-edge"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.qdrant = "http://\(site.address)"
    }
}

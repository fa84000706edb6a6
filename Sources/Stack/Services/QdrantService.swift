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
        let answer = try await ProbeHTTP.get("http://\(site.address)/collections", of: self, timeout: timeout)
        guard answer.text.contains("\"collections\"") else {
            throw StackError(service: name, what: "the list of collections was answered by \(answer.text.prefix(200))")
        }
        return "qdrant-edge behind the facade"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.qdrant = "http://\(site.address)"
    }
}

package import Stores

/// Temporal's development server; its workflows live in an SQLite file.
package struct TemporalService: StackService {
    package let name = "temporal"
    package let portRoles = ["main", "http", "metrics"]

    package init() {}

    package func command(_ site: Site) throws -> Command {
        Command(
            executable: PythonEnvironment(home: site.home).folder + "/bin/temporal",
            arguments: [
                "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", "\(site.port)",
                "--http-port", "\(site["http"])", "--metrics-port", "\(site["metrics"])",
                "--db-filename", site.data + "/temporal.db", "--log-level", "warn",
                // Three times the throughput; what the kernel has is safe from a killed process.
                "--sqlite-pragma", "synchronous=OFF", "--sqlite-pragma", "journal_mode=WAL",
            ])
    }

    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let answer = try await PlainExchange.get(port: site["http"], "/api/v1/namespaces/default", timeout: timeout)
        guard answer.contains("namespaceInfo") else {
            throw StackError(service: name, what: "namespace default is not served yet")
        }
        return "namespace default"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.temporal = site.address
    }
}

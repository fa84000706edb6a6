package import Stores

/// Temporal's development server; its workflows live in an SQLite file.
package struct TemporalService: StackService {
    package let name = "temporal"
    package let portRoles = ["main", "http", "metrics", "ui"]

    package init() {}

    package func command(_ site: Site) throws -> Command {
        Command(
            executable: PythonEnvironment(home: site.home).folder + "/bin/temporal",
            arguments: [
                "server", "start-dev", "--ip", "127.0.0.1", "--port", "\(site.port)",
                "--ui-ip", "127.0.0.1", "--ui-port", "\(site["ui"])",
                "--http-port", "\(site["http"])", "--metrics-port", "\(site["metrics"])",
                "--db-filename", site.data + "/temporal.db", "--log-level", "warn",
                // Three times the throughput; what the kernel has is safe from a killed process.
                "--sqlite-pragma", "synchronous=OFF", "--sqlite-pragma", "journal_mode=WAL",
            ])
    }

    /// The frontend answers about a namespace only once it serves it.
    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let address = "http://127.0.0.1:\(site["http"])/api/v1/namespaces/default"
        let answer = try await ProbeHTTP.get(address, of: self, timeout: timeout)
        guard answer.text.contains("NAMESPACE_STATE_REGISTERED") else {
            throw StackError(service: name, what: "namespace default is not served: \(answer.text.prefix(200))")
        }
        return "namespace default, web UI \(Self.webUI(site) ?? "missing")"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.temporal = site.address
        endpoints.temporalUI = Self.webUI(site)
    }

    /// Nil for a stack that was started before there was one.
    private static func webUI(_ site: Site) -> String? { site.ports["ui"].map { "http://127.0.0.1:\($0)" } }
}

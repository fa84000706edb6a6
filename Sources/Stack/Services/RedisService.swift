package import Stores

/// Redis from Debian, its data in an append-only file.
package struct RedisService: StackService {
    package let name = "redis"
    /// Where the server is; another one stands in for it in tests.
    let executable: String

    package init(executable: String = "/usr/bin/redis-server") {
        self.executable = executable
    }

    package func command(_ site: Site) -> Command {
        Command(
            executable: executable,
            arguments: [
                "--bind", "127.0.0.1", "--port", "\(site.port)", "--dir", site.data, "--daemonize", "no",
                "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
                // A changed title would wipe out the environment that marks the process as ours.
                "--set-proc-title", "no",
            ],
            remedy: "apt-get install redis-server, or run compose/native/setup.sh")
    }

    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let client = RedisClient(endpoint: "redis://\(site.address)/0", connections: 1)
        defer { client.close() }
        let answer = try await client.command(["PING"], timeout: timeout).string ?? "nothing"
        guard answer == "PONG" else { throw StackError(service: name, what: "PING was answered by \(answer)") }
        return "PING answered"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.redis = "redis://\(site.address)/0"
    }
}

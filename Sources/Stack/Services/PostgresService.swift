import Foundation
import Glibc
package import Stores

/// PostgreSQL from Debian: database and superuser `app`, trust on loopback.
///
/// It refuses to be root's, so root runs it as user `postgres`.
package struct PostgresService: StackService {
    package let name = "postgres"
    /// Fast shutdown: the default would wait for every client to leave.
    package let stopSignal = SIGINT

    package init() {}

    /// Under the stack, unless the user who runs it could not get there: a clone under root's home.
    package func dataFolder(home: StackHome) -> String {
        let usual = home.stack + "/" + name
        guard Account.isRoot, let account = Account(named: "postgres"), !account.canReach(usual) else { return usual }
        return "/var/tmp/faultline-\(Self.mark(of: home.stack))/" + name
    }

    package func prepare(_ site: Site) async throws {
        let account = try runner()
        if let account { chown(site.data, account.user, account.group) }
        chmod(site.data, 0o700)
        let data = cluster(site)
        guard !FileManager.default.fileExists(atPath: data) else {
            forgetDeadServer(data + "/postmaster.pid")
            return
        }
        // Made beside its place and moved there when it is whole: an interrupted start leaves no half cluster.
        let draft = data + ".new"
        try? FileManager.default.removeItem(atPath: draft)
        let prefix = account?.prefix ?? []
        let initdb = [
            try program("initdb"), "-D", draft, "-A", "trust", "-U", "app", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync",
        ]
        try await OneShot.run(prefix + initdb, service: name, environment: site.environment, folder: site.data)
        let single = [try program("postgres"), "--single", "-F", "-D", draft, "postgres"]
        try await OneShot.run(
            prefix + single, service: name, environment: site.environment, folder: site.data,
            input: "CREATE DATABASE app\n")
        try FileManager.default.moveItem(atPath: draft, toPath: data)
    }

    /// PostgreSQL takes a killed server for a running one as long as nobody has waited for that process.
    private func forgetDeadServer(_ file: String) {
        guard let line = SmallFile.text(file)?.split(separator: "\n").first, let id = Int32(line),
            ProcessIdentity.of(id) == nil
        else { return }
        try? FileManager.default.removeItem(atPath: file)
    }

    package func command(_ site: Site) throws -> Command {
        let server = [
            try program("postgres"), "-D", cluster(site), "-c", "listen_addresses=127.0.0.1", "-c", "port=\(site.port)",
            "-c", "unix_socket_directories=", "-c", "max_connections=200",
            // Processes are killed here, machines are not: what the kernel has is safe enough. So a COMMIT waits until the
            // kernel has it, or one that was answered would be lost with a killed server.
            "-c", "fsync=off", "-c", "full_page_writes=off",
        ]
        let words = (try runner()?.prefix ?? []) + server
        return Command(executable: words[0], arguments: Array(words.dropFirst()), remedy: Self.remedy)
    }

    package func probe(_ site: Site, timeout: Duration) async throws -> String {
        let client = PostgresClient(endpoint: Self.endpoint(site), connections: 1)
        defer { client.close() }
        let version = try await client.query("SELECT current_setting('server_version')", timeout: timeout).scalar
        return "PostgreSQL \(version?.split(separator: " ").first ?? "?")"
    }

    package func announce(_ site: Site, in endpoints: inout Endpoints) {
        endpoints.postgres = Self.endpoint(site)
    }

    private static func endpoint(_ site: Site) -> String { "postgresql://app@\(site.address)/app" }

    private static let remedy = "apt-get install postgresql, or run compose/native/setup.sh"

    private func cluster(_ site: Site) -> String { site.data + "/cluster" }

    /// nil: as whoever runs faultline.
    private func runner() throws -> Account? {
        guard Account.isRoot else { return nil }
        guard let account = Account(named: "postgres") else {
            throw StackError(
                service: name, what: "PostgreSQL refuses root, and there is no user postgres", remedy: Self.remedy)
        }
        return account
    }

    /// A program of the newest PostgreSQL that Debian's packages brought.
    private func program(_ program: String) throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        for version in versions.sorted(by: >) {
            let path = "\(root)/\(version)/bin/\(program)"
            if access(path, X_OK) == 0 { return path }
        }
        throw StackError(service: name, what: "\(program) is missing (looked in \(root)/*/bin)", remedy: Self.remedy)
    }

    /// A short name for a path, the same each time: FNV-1a.
    private static func mark(of path: String) -> String {
        let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}

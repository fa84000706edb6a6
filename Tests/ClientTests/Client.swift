import Foundation
import Stores
import Wire

/// A client as the table names it: what drives it, how, and which service it talks to.
enum Client: Hashable, Sendable {
    enum Mode: String, Sendable {
        /// `ClientCursor`: parameters are put into the text.
        case simple
        /// psycopg's own way.
        case extended
        /// The same with statements that are prepared by name.
        case prepared
        /// Several statements before the first answer is read.
        case pipeline
    }

    case psycopg(Mode)
    case psql
    case pgbench
    case pgDump
    case curl
    /// - Parameter attempts: the most that it makes, the first among them.
    case boto3(attempts: Int)
    case openai(attempts: Int)
    case qdrant
    case redis(RedisPackage)
    case redisCLI
    case hiredis
    case neo4j(Neo4jPackage)

    /// A version of redis-py, and what reads its answers.
    enum RedisPackage: String, Sendable {
        case five = "redis-5"
        case six = "redis-6"
        case newest = ""
        /// The newest with the parser of hiredis.
        case parser = "hiredis"
    }

    /// A version of neo4j's driver.
    enum Neo4jPackage: String, Sendable {
        case four = "neo4j-4.4"
        case five = ""
        case newest = "neo4j-6"
    }

    static let boto3 = Client.boto3(attempts: 1)
    static let openai = Client.openai(attempts: 1)

    var name: String {
        switch self {
        case .psycopg(let mode): "psycopg (\(mode.rawValue))"
        case .pgDump: "pg_dump"
        case .boto3: "boto3"
        case .openai: "openai"
        case .redis(.five): "redis-py 5"
        case .redis(.six): "redis-py 6"
        case .redis(.newest): "redis-py 8"
        case .redis(.parser): "redis-py 8 with hiredis"
        case .redisCLI: "redis-cli"
        case .neo4j(.four): "neo4j 4.4"
        case .neo4j(.five): "neo4j 5"
        case .neo4j(.newest): "neo4j 6"
        default: "\(self)"
        }
    }

    var service: Service {
        switch self {
        case .psycopg, .psql, .pgbench, .pgDump: .postgres
        case .boto3, .curl: .s3
        case .openai: .openai
        case .qdrant: .qdrant
        case .redis, .redisCLI, .hiredis: .redis
        case .neo4j: .neo4j
        }
    }

    /// Whether it waits for ever for an answer, unless its connection ends.
    var isPatient: Bool {
        switch self {
        case .redis(.newest), .redis(.parser): false
        default: [.postgres, .redis, .neo4j].contains(service)
        }
    }

    /// Whether it may wait before it tries again, so that others can be tried meanwhile.
    var waits: Bool {
        switch self {
        case .redis(.five): false
        case .redis, .neo4j: true
        default: false
        }
    }

    /// As its package or the program itself tells it.
    func version() async throws -> String {
        if let helper {
            guard case .value(.string(let version)) = try await ClientHelper.call(helper, "version") else { return "" }
            return version
        }
        if self == .hiredis { return HiredisClient.version }
        let program = self == .redisCLI ? "redis-cli" : self == .pgDump ? "pg_dump" : name
        let answer = try await ClientProgram.run([program, "--version"])
        // Debian mends it without a change of what it does, and then the last number is another.
        let number = service == .postgres ? /[0-9]+/ : /[0-9]+\.[0-9]+/
        return answer.output.firstMatch(of: number).map { String($0.output) } ?? ""
    }

    /// What drives it, unless it is a program or a library of this process.
    private var helper: ClientHelper.Program? {
        switch self {
        case .psycopg: .init(driver: "psycopg")
        case .boto3: .init(driver: "boto3")
        case .openai: .init(driver: "openai")
        case .qdrant: .init(driver: "qdrant")
        case .redis(let package): .init(driver: "redis", clients: package.rawValue)
        case .neo4j(let package): .init(driver: "neo4j", clients: package.rawValue)
        default: nil
        }
    }

    func perform(_ operation: String, at address: String, token: String) async throws -> ClientOutcome {
        if let helper {
            return try await ClientHelper.call(helper, operation, try arguments(address, token))
        }
        if self == .hiredis {
            return try await HiredisClient.perform(operation, at: address, key: ClientServers.key(token))
        }
        let script = FileManager.default.temporaryDirectory.path + "/faultline-\(token)"
        try text(token).write(toFile: script, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: script) }
        return ClientOutcome(try await ClientProgram.run(words(operation, address, token, script)))
    }

    private func arguments(_ address: String, _ token: String) throws -> [String: JSON] {
        var arguments: [String: JSON] = ["address": .string(address), "token": .string(token)]
        switch self {
        case .psycopg(let mode): arguments["mode"] = .string(mode.rawValue)
        case .boto3(let attempts), .openai(let attempts): arguments["attempts"] = .int(attempts)
        case .neo4j:
            let (user, password) = try ClientServers.neo4jCredentials()
            arguments["user"] = .string(user)
            arguments["password"] = .string(password)
        default: break
        }
        return arguments
    }

    /// What a program reads from a file.
    private func text(_ token: String) -> String {
        let key = ClientServers.key(token)
        return self == .redisCLI ? "MULTI\nINCR \(key)\nINCR \(key)\nEXEC\n" : Self.insert(token)
    }

    private static func insert(_ token: String) -> String {
        "INSERT INTO \(ClientServers.table) (token, number) VALUES ('\(token)', 1);\n"
    }

    /// - Parameter script: a file with the statement that writes, or the commands.
    private func words(_ operation: String, _ address: String, _ token: String, _ script: String) -> [String] {
        let url = "postgresql://app@\(address)/app"
        let parts = address.split(separator: ":").map(String.init)
        let (host, port) = (parts[0], parts[1])
        let object = "http://\(address)/\(ClientServers.bucket)"
        switch (self, operation) {
        case (.psql, "command"): return ["psql", "-X", "-d", url, "-c", Self.insert(token)]
        case (.psql, "script"): return ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", script]
        case (.psql, "read"): return ["psql", "-X", "-A", "-t", "-d", url, "-c", "SELECT generate_series(1, 1000)"]
        case (.pgbench, _):
            return ["pgbench", "-n", "-t", "1", "-M", operation, "--max-tries", "2", "-f", script, url]
        case (.redisCLI, "transaction"): return ["sh", "-c", "exec redis-cli -h \(host) -p \(port) < \(script)"]
        case (.redisCLI, "get"): return ["redis-cli", "-e", "-h", host, "-p", port, "GET", "client-cells:standing"]
        case (.redisCLI, _): return ["redis-cli", "-e", "-h", host, "-p", port, "INCR", ClientServers.key(token)]
        case (.pgDump, _): return ["pg_dump", "-d", url, "-t", ClientServers.table, "--data-only"]
        case (.curl, "put"): return ["curl", "-sS", "--max-time", "1", "-f", "-T", script, "\(object)/\(token)"]
        case (.curl, "head"): return ["curl", "-sS", "--max-time", "1", "-I", "\(object)/standing"]
        default:
            let sum = "%{http_code} %{size_download} %{content_type}"
            return [
                "curl", "-sS", "--max-time", "1", "-f", "-o", "/dev/null", "-w", sum, "\(object)/standing",
            ]
        }
    }
}

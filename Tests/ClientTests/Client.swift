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

    static let boto3 = Client.boto3(attempts: 1)
    static let openai = Client.openai(attempts: 1)

    var name: String {
        switch self {
        case .psycopg(let mode): "psycopg (\(mode.rawValue))"
        case .pgDump: "pg_dump"
        case .boto3: "boto3"
        case .openai: "openai"
        default: "\(self)"
        }
    }

    var service: Service {
        switch self {
        case .psycopg, .psql, .pgbench, .pgDump: .postgres
        case .boto3, .curl: .s3
        case .openai: .openai
        case .qdrant: .qdrant
        }
    }

    /// Whether it waits for ever for an answer, unless its connection ends.
    var isPatient: Bool { service == .postgres }

    func perform(_ operation: String, at address: String, token: String) async throws -> ClientOutcome {
        var arguments: [String: JSON] = ["address": .string(address), "token": .string(token)]
        switch self {
        case .psycopg(let mode):
            arguments["mode"] = .string(mode.rawValue)
            return try await ClientHelper.of(.psycopg).call(operation, arguments)
        case .boto3(let attempts):
            arguments["attempts"] = .int(attempts)
            return try await ClientHelper.of(.boto3).call(operation, arguments)
        case .openai(let attempts):
            arguments["attempts"] = .int(attempts)
            return try await ClientHelper.of(.openai).call(operation, arguments)
        case .qdrant: return try await ClientHelper.of(.qdrant).call(operation, arguments)
        case .psql, .pgbench, .pgDump, .curl:
            let script = FileManager.default.temporaryDirectory.path + "/faultline-\(token).sql"
            try Self.insert(token).write(toFile: script, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: script) }
            return ClientOutcome(try await ClientProgram.run(words(operation, address, token, script)))
        }
    }

    private static func insert(_ token: String) -> String {
        "INSERT INTO \(ClientServers.table) (token, number) VALUES ('\(token)', 1);\n"
    }

    /// - Parameter script: a file with the statement that writes.
    private func words(_ operation: String, _ address: String, _ token: String, _ script: String) -> [String] {
        let url = "postgresql://app@\(address)/app"
        let object = "http://\(address)/\(ClientServers.bucket)"
        switch (self, operation) {
        case (.psql, "command"): return ["psql", "-X", "-d", url, "-c", Self.insert(token)]
        case (.psql, "script"): return ["psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", script]
        case (.psql, "read"): return ["psql", "-X", "-A", "-t", "-d", url, "-c", "SELECT generate_series(1, 1000)"]
        case (.pgbench, _):
            return ["pgbench", "-n", "-t", "1", "-M", operation, "--max-tries", "2", "-f", script, url]
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

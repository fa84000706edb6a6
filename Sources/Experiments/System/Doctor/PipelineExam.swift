import Foundation
import Glibc
import Temporal

/// Whether what ingests documents can be started. It is not started.
struct PipelineExam: Sendable {
    let pipeline: PipelineSpec
    let limit: Duration

    func check() async -> DoctorCheck {
        switch pipeline {
        case .reference: DoctorCheck("pipeline", .ok, "the reference worker is built in")
        case .command(let command): check(command)
        case .http(let http): check(http)
        case .temporal(let temporal):
            await DoctorCheck.of("pipeline", within: limit, mend: "see whether 'address' is right and the server up") {
                try await Self.check(temporal)
            }
        }
    }

    /// The service is asked for nothing: a submission would be one, and its links are not open.
    private func check(_ http: HTTPSpec) -> DoctorCheck {
        DoctorCheck("pipeline", .skipped, "nobody asks \(http.words) before a run")
    }

    /// Workers may be started by the run, so that their queues are not looked at.
    private static func check(_ temporal: TemporalSpec) async throws -> DoctorCheck {
        guard var address = TemporalAddress(temporal.address, namespace: temporal.namespace) else {
            return DoctorCheck("pipeline", .failed, "'\(temporal.address)' is no HOST:PORT", mend: "mend 'address'")
        }
        address.security = temporal.security
        address.apiKey = temporal.apiKey
        let client = try TemporalClient(address)
        defer { client.abort() }
        let version = try await client.serverVersion()
        guard try await client.hasNamespace() else {
            return DoctorCheck(
                "pipeline", .failed, "there is no namespace '\(temporal.namespace)' at \(temporal.address)",
                mend: "namespaces there: \(try await client.namespaces().sorted().joined(separator: ", "))")
        }
        return DoctorCheck("pipeline", .ok, "Temporal \(version) at \(temporal.address) has '\(temporal.namespace)'")
    }

    private func check(_ command: CommandSpec) -> DoctorCheck {
        let program = command.words[0]
        guard let path = command.programPath else {
            return DoctorCheck(
                "pipeline", .failed, "no program '\(program)' in PATH",
                mend: "write its path from the folder of the system file, such as ./\(program)")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            return DoctorCheck(
                "pipeline", .failed, "there is no file \(path)",
                mend: "paths in 'command' start from the folder of the system file")
        }
        guard access(path, X_OK) == 0 else {
            return DoctorCheck("pipeline", .failed, "\(path) is not executable", mend: "run: chmod +x \(path)")
        }
        return DoctorCheck("pipeline", .ok, "\(path) is executable")
    }
}

extension CommandSpec {
    /// Where the program is; nil when PATH has none of its name. A path is given whether or not there is a file.
    fileprivate var programPath: String? {
        let program = words[0]
        if program.hasPrefix("/") { return program }
        if program.contains("/") { return "\(folder)/\(program)" }
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

import Foundation
import Temporal
import Testing

/// TLS as Temporal Cloud and servers of one's own want it.
@Suite(.serialized)
struct TLSTests {
    /// A front with TLS before the stack's Temporal, for as long as the body runs.
    private func withFront(
        mutual: Bool, _ body: (_ port: Int, _ folder: String) async throws -> Void
    ) async throws {
        let place = try TemporalPlace()
        let folder = "\(NSTemporaryDirectory())tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("TLSFront.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", script.path, folder, place.address.text, mutual ? "mutual" : "plain"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // It ends with its input, also when this process dies.
        defer { try? input.fileHandleForWriting.close() }
        var line = ""
        while !line.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "python3 serves no TLS")
            line += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(Int(line.dropLast()))
        try await body(port, folder)
    }

    private func version(
        _ port: Int, trust: [String], identity: TemporalAddress.Identity? = nil, name: String? = nil
    ) async throws -> String {
        let client = try TemporalClient(
            TemporalAddress(
                host: "127.0.0.1", port: port, security: .tls(trust: trust, identity: identity), apiKey: "secret",
                serverName: name ?? "localhost"))
        defer { client.abort() }
        return try await client.serverVersion()
    }

    @Test func aServerWhoseAuthorityIsTrustedIsTalkedTo() async throws {
        try await withFront(mutual: false) { port, folder in
            for name in ["localhost", "temporal.example"] {
                let found = try await version(port, trust: ["\(folder)/ca.pem"], name: name)
                #expect(!found.isEmpty)
            }
        }
    }

    @Test func aServerThatNobodyVouchesForIsNot() async throws {
        try await withFront(mutual: false) { port, folder in
            let stranger = await #expect(throws: TemporalError.self) { try await version(port, trust: []) }
            #expect(stranger?.code == .unavailable)
            let other = await #expect(throws: TemporalError.self) {
                try await version(port, trust: ["\(folder)/ca.pem"], name: "somebody.else")
            }
            #expect(other?.code == .unavailable)
        }
    }

    @Test func aServerThatWantsACertificateGetsOne() async throws {
        try await withFront(mutual: true) { port, folder in
            let identity = TemporalAddress.Identity(certificate: "\(folder)/client.pem", key: "\(folder)/client.key")
            let found = try await version(port, trust: ["\(folder)/ca.pem"], identity: identity)
            #expect(!found.isEmpty)
            let refused = await #expect(throws: TemporalError.self) {
                try await version(port, trust: ["\(folder)/ca.pem"])
            }
            #expect(refused?.code == .unavailable)
        }
    }
}

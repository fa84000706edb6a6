import Subprocess
import Testing

/// What curl makes of a link.
struct Curl {
    /// Its exit code: 7 could not connect, 18 a transfer cut short, 52 an empty answer, 56 a failure in receiving.
    var code: Int32
    var body: String

    init(_ address: String, _ path: String, _ options: [String] = []) async throws {
        let place =
            address.hasPrefix("unix:")
            ? ["--unix-socket", String(address.dropFirst(5)), "http://test\(path)"] : ["http://\(address)\(path)"]
        let result = try await Subprocess.run(
            .name("curl"), arguments: Arguments(["--silent", "--max-time", "20"] + options + place),
            output: .string(limit: 8 << 20), error: .string(limit: 64 << 10))
        guard case .exited(let code) = result.terminationStatus else {
            Issue.record("curl was ended by a signal")
            throw Peer.Failure.silence
        }
        self.code = code
        body = result.standardOutput
    }
}

import Foundation
import Stack
import Stores
import Subprocess
import SystemPackage
import Testing

/// `faultline worker --engine temporal` told where it cannot work: usage, said at once, with the variable that mends it.
@Suite struct WorkerCommandTests {
    private func worker(_ variables: [Environment.Key: String?], queue: String? = "q") async throws -> Program.Answer {
        let clean: [Environment.Key: String?] = [
            "TEMPORAL_ADDRESS": nil, "TEMPORAL_NAMESPACE": nil, "TEMPORAL_TLS": nil, "TEMPORAL_TASK_QUEUE": nil,
            "TEMPORAL_API_KEY": nil,
        ]
        return try await Program.run(
            ["worker", "--engine", "temporal"] + (queue.map { ["--task-queue", $0] } ?? []),
            with: clean.merging(variables) { $1 })
    }

    @Test(arguments: [
        (["TEMPORAL_ADDRESS": "nowhere"], "TEMPORAL_ADDRESS is 'nowhere'; it must be HOST:PORT\n"),
        (
            ["TEMPORAL_ADDRESS": "127.0.0.1:1"],
            "no Temporal server answers at 127.0.0.1:1: Could not establish a connection to [ipv4]127.0.0.1:1: Connection refused; start it, or set TEMPORAL_ADDRESS to where it is\n"
        ),
        (
            ["TEMPORAL_TLS": "true", "TEMPORAL_ADDRESS": "127.0.0.1:1"],
            "127.0.0.1:1 is no name that a certificate is for; set TEMPORAL_TLS_SERVER_NAME to the server's name\n"
        ),
    ])
    func whatIsWrongIsSaid(variables: [String: String], words: String) async throws {
        let answer = try await worker(
            Dictionary(uniqueKeysWithValues: variables.map { (Environment.Key(rawValue: $0.key)!, $0.value) }))
        #expect(answer.code == 64)
        #expect(answer.error == words)
        #expect(answer.output.isEmpty)
    }

    @Test func aQueueMustBeNamed() async throws {
        let answer = try await worker([:], queue: nil)
        #expect(answer.code == 64)
        #expect(answer.error == "no task queue: give --task-queue NAME, or set TEMPORAL_TASK_QUEUE\n")
    }

    @Test func theNamespaceAndTheReadyFileMustBeThere() async throws {
        let address = try #require(try NativeStack.current().endpoints.temporal)
        let namespace = try await worker(["TEMPORAL_ADDRESS": address, "TEMPORAL_NAMESPACE": "nowhere"])
        #expect(namespace.code == 64)
        #expect(
            namespace.error.hasPrefix(
                "Temporal at \(address) has no namespace 'nowhere'; set TEMPORAL_NAMESPACE to one that it has: default"),
            "\(namespace.error)")
        let file = try await worker(["TEMPORAL_ADDRESS": address, "WORKER_READY_FILE": "/none/ready"])
        #expect(file.code == 64)
        #expect(
            file.error == "WORKER_READY_FILE is '/none/ready', which cannot be written; is its folder there?\n",
            "\(file.error)")
        #expect(file.output.isEmpty)
    }

    /// As `docker stop` and a run of faultline end one.
    @Test(.timeLimit(.minutes(1))) func oneThatIsToldToEndSaysNothingOfIt() async throws {
        let address = try #require(try NativeStack.current().endpoints.temporal)
        let queue = "q-\(UUID())"
        let told = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: [
                "-c",
                #"mkfifo "$2.out"; "$0" worker --engine temporal --task-queue "$1" --journal "$2" >"$2.out" & read line <"$2.out"; kill $!; wait $!; rm "$2.out""#,
                Program.path, queue, "\(NSTemporaryDirectory())journal-\(queue)",
            ],
            environment: .inherit.updating(["TEMPORAL_ADDRESS": address, "WORKER_READY_FILE": nil]),
            input: .string(""), output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        #expect(told.standardError == "")
    }
}

import Foundation
import Subprocess
import SystemPackage
import Testing

/// Runs on a terminal: Python makes one, and gives back all that the program wrote to it.
@Suite struct LiveViewTests {
    private static let columns = 44

    /// Standard output goes elsewhere, so that the terminal shows the changing lines alone. The third argument is a text after
    /// which Ctrl-C is typed.
    private static let script = """
        import os, pty, sys, fcntl, termios, struct
        child, terminal = pty.fork()
        if child == 0:
            os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), 1)
            os.execv(sys.argv[4], sys.argv[4:])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[2]), 0, 0))
        seen, typed = b"", False
        while True:
            try: part = os.read(terminal, 65536)
            except OSError: break
            if not part: break
            seen += part
            if sys.argv[3] and not typed and sys.argv[3].encode() in seen:
                os.write(terminal, b"\\x03")
                typed = True
        sys.stdout.buffer.write(seen)
        sys.stdout.flush()
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """

    private struct Seen {
        var code: Int32?
        var terminal: String
        var output: String
        var folders: [String]
    }

    private func watch(interruptAfter text: String = "", _ options: String...) async throws -> Seen {
        let folder = NSTemporaryDirectory() + "faultline-live-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let yaml = "name: live\ntitle: L\nworkload: { documents: 4, size: 416B..1KiB }\n"
        try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder + "/live.yaml"))
        let result = try await run(
            .path("/usr/bin/python3"),
            arguments: Arguments(
                [
                    "-c", Self.script, folder + "/out", "\(Self.columns)", text, Program.path, "run",
                    folder + "/live.yaml",
                ]
                    + options + ["--out", folder + "/runs"]),
            output: .string(limit: 1 << 22), error: .string(limit: 1 << 20))
        var code: Int32?
        if case .exited(let status) = result.terminationStatus { code = status }
        let output = FileManager.default.contents(atPath: folder + "/out").map { String(decoding: $0, as: UTF8.self) }
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/runs")) ?? []
        return Seen(code: code, terminal: result.standardOutput, output: output ?? "", folders: folders.sorted())
    }

    /// What stands between two movements of the cursor.
    private func pieces(_ text: String) -> [Substring] {
        text.split { $0 == "\r" || $0 == "\n" || $0 == "\r\n" }.flatMap {
            $0.split(separator: #/\u{1B}\[[0-9;?]*[A-Za-z]/#)
        }
    }

    @Test func theChangingLinesFitAndLeaveNothing() async throws {
        let seen = try await watch("--seed", "1", "--seeds", "2")
        #expect(seen.code == 0, "\(seen.terminal) \(seen.output)")
        #expect(pieces(seen.terminal).contains { $0.hasPrefix("[2/2] live") })
        #expect(pieces(seen.terminal).allSatisfy { $0.count <= Self.columns }, "\(seen.terminal)")
        // The last thing is to erase what was drawn last.
        #expect(seen.terminal.hasSuffix("\u{1B}[J"))
        // A cursor that is never hidden needs no restoring.
        #expect(!seen.terminal.contains("\u{1B}[?25l"))
        #expect(seen.output.contains("0 violated, 0 inconclusive, 2 held"))
        #expect(seen.folders.count { $0.hasSuffix("-summary") } == 1)
    }

    @Test func anInterruptionTellsWhatThereIsSoFar() async throws {
        let seen = try await watch(interruptAfter: "[2/3] live", "--seed", "1", "--seeds", "3")
        #expect(seen.code == 130, "\(seen.terminal) \(seen.output)")
        #expect(seen.output.contains("0 violated, 0 inconclusive, 1 held; 2 of 3 not run"), "\(seen.output)")
        let last = seen.terminal.split(separator: "\u{1B}[J").last.map(String.init) ?? ""
        #expect(last.hasPrefix("interrupted;"), "\(last)")
    }
}

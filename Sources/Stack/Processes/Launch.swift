import CStack
import Glibc

/// A command that shall run in a session of its own, with its output in a file, and outlive this process.
struct Launch: Sendable {
    var executable: String
    var arguments: [String]
    var environment: [String: String]
    var folder: String
    var log: String

    /// A process that has been made but waits at a gate: it does nothing until `open`, and ends by itself
    /// when this process dies before that. So there is no moment at which something runs that no file lists.
    struct Gated: ~Copyable {
        let process: ProcessIdentity
        private let gate: Int32

        fileprivate init(process: ProcessIdentity, gate: Int32) {
            self.process = process
            self.gate = gate
        }

        consuming func open() {
            _ = send(gate, "go\n", 3, Int32(MSG_NOSIGNAL))
        }

        deinit { close(gate) }
    }

    func start() throws -> Gated {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw failure("socketpair", errno) }
        defer { close(ends[1]) }
        do {
            let id = try spawn(standardInput: ends[1])
            guard let process = ProcessIdentity.of(id) else { throw failure("the new process", ESRCH) }
            return Gated(process: process, gate: ends[0])
        } catch {
            close(ends[0])
            throw error
        }
    }

    private func spawn(standardInput: Int32) throws -> Int32 {
        // The shell becomes the service: same process id, same start time.
        let gate = "read -r go || exit 125; exec \"$@\" </dev/null"
        let words = ["sh", "-c", gate, "sh", executable] + arguments
        let settings = environment.map { "\($0.key)=\($0.value)" }.sorted()
        var argv = words.map { strdup($0) } + [nil]
        var envp = settings.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var id: pid_t = 0
        let result = cstack_spawn_session(&argv, &envp, folder, log, standardInput, &id)
        guard result == 0 else { throw failure("the new session", result) }
        return id
    }

    private func failure(_ what: String, _ code: Int32) -> StackError {
        StackError(what: "\(executable) cannot be started: \(what): \(String(cString: strerror(code)))", log: log)
    }
}

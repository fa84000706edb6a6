import CStack
import Glibc
import Synchronization

/// A process that outlives this one by a moment, should this one be killed: it has what was paused go on, and ends what must not
/// live on. `PR_SET_PDEATHSIG` would not do: it goes by the thread that started a process, and does not reach what comes of that.
///
/// A shell, which learns by the end of its input that its starter is gone.
package final class ProcessGuard: Sendable {
    private struct State {
        var gate: Int32
        var paused: Set<ProcessIdentity> = []
        var sessions: Set<ProcessIdentity> = []
    }

    private let state: Mutex<State>

    /// - Parameter mark: the variable, with its value, that all processes to be ended have in their environment.
    package init(mark: (name: String, value: String)) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Self.failure(errno) }
        defer { close(ends[1]) }
        let words = ["sh", "-c", Self.script, "faultline-guard", "\(mark.name)=\(mark.value)"]
        let settings = ["PATH=/usr/local/bin:/usr/bin:/bin"]
        var argv = words.map { strdup($0) } + [nil]
        var envp = settings.map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var id: pid_t = 0
        let result = cstack_spawn_session(&argv, &envp, "/", "/dev/null", ends[1], &id)
        guard result == 0 else {
            close(ends[0])
            throw Self.failure(result)
        }
        state = Mutex(State(gate: ends[0]))
        Reaper.watch(id)
    }

    /// These stand still from now on; they go on when this process is gone.
    package func add(paused: Set<ProcessIdentity>) { change { $0.paused.formUnion(paused) } }

    package func remove(paused: Set<ProcessIdentity>) { change { $0.paused.subtract(paused) } }

    /// The leader of a session that ends when this process is gone.
    package func add(session: ProcessIdentity) { change { $0.sessions.insert(session) } }

    package func remove(session: ProcessIdentity) { change { $0.sessions.remove(session) } }

    /// There is nothing to be guarded any more.
    package func dismiss() {
        state.withLock { state in
            guard state.gate >= 0 else { return }
            Self.tell(state.gate, "done\n")
            close(state.gate)
            state.gate = -1
        }
    }

    deinit { dismiss() }

    private func change(_ body: (inout sending State) -> Void) {
        state.withLock { state in
            body(&state)
            let paused = state.paused.map { "\($0.id):\($0.startTime)" }.sorted().joined(separator: " ")
            let sessions = state.sessions.map { "\($0.id)" }.sorted().joined(separator: " ")
            Self.tell(state.gate, "paused \(paused)\nsessions \(sessions)\n")
        }
    }

    private static func tell(_ gate: Int32, _ line: String) {
        _ = line.withCString { send(gate, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }

    private static func failure(_ code: Int32) -> StackError {
        StackError(what: "the guard of processes cannot be started: \(String(cString: strerror(code)))")
    }

    /// Fields of /proc/PID/stat behind the command, from the third on: state, parent, group, session; the 22nd is the start.
    private static let script = """
        trap '' HUP INT TERM
        paused= sessions= mark=$1
        while read -r word rest; do
            case $word in
            paused) paused=$rest ;;
            sessions) sessions=$rest ;;
            done) exit 0 ;;
            esac
        done
        isThere() {
            read -r line 2>/dev/null <"/proc/${1%%:*}/stat" || return 1
            wanted=${1##*:}
            set -- ${line##*) }
            shift 19
            [ "$1" = "$wanted" ]
        }
        members() {
            for folder in /proc/[0-9]*; do
                id=${folder#/proc/}
                [ "$id" = "$$" ] && continue
                read -r line 2>/dev/null <"$folder/stat" || continue
                set -- ${line##*) }
                [ "$1" = Z ] && continue
                case " $sessions " in *" $4 "*) echo "$id"; continue ;; esac
                grep -qszxF "$mark" "$folder/environ" && echo "$id"
            done
        }
        for one in $paused; do isThere "$one" && kill -CONT "${one%%:*}"; done
        for id in $(members); do kill -CONT "$id"; kill -TERM "$id"; done
        tries=0
        while [ -n "$(members)" ] && [ $tries -lt 50 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        for id in $(members); do kill -KILL "$id"; done
        """
}

/// Waits for children that end at some time, so that none stays a zombie.
private enum Reaper {
    static func watch(_ id: Int32) {
        Task.detached {
            while ProcessIdentity.of(id) != nil { try? await Task.sleep(for: .seconds(1)) }
            _ = ChildExit.poll(id)
        }
    }
}

import Glibc
import Synchronization
import Testing

/// A process that runs beside a test: its lines can be waited for, it gets signals, and it is gone when the test is over.
final class ChildProcess: Sendable {
    struct Silence: Error, CustomStringConvertible {
        var awaited: String
        var seen: String
        var description: String { "no line with '\(awaited)' within 30 s, but:\n\(seen)" }
    }

    private struct State {
        var unread: [UInt8] = []
        var seen = ""
        var ended: Int32?
    }

    let identifier: pid_t
    private let line: Int32
    private let state = Mutex(State())

    /// - Parameters:
    ///   - words: the program, found on the path unless it has a slash, and its arguments.
    ///   - descriptors: the most that it may have open, and may not raise; `nil` for as many as this process may.
    init(_ words: [String], descriptors: Int? = nil) throws {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        for number: Int32 in 0...2 { posix_spawn_file_actions_adddup2(&actions, ends[1], number) }
        defer { posix_spawn_file_actions_destroy(&actions) }
        var words = words
        if let descriptors { words = ["sh", "-c", "ulimit -n \(descriptors) && exec \"$0\" \"$@\""] + words }
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var identifier = pid_t()
        let code = posix_spawnp(&identifier, words[0], &actions, nil, arguments, environ)
        close(ends[1])
        line = ends[0]
        self.identifier = identifier
        try #require(code == 0, "\(words[0]) cannot be started")
    }

    deinit {
        stop(SIGKILL)
        close(line)
    }

    /// The next line, of standard output or standard error, that contains the text.
    @discardableResult
    func nextLine(with text: String) throws -> String {
        while true {
            let next = try readLine(awaiting: text)
            if next.contains(text) { return next }
        }
    }

    private func readLine(awaiting text: String) throws -> String {
        try state.withLock { state in
            while true {
                if let end = state.unread.firstIndex(of: UInt8(ascii: "\n")) {
                    let next = String(decoding: state.unread[..<end], as: UTF8.self)
                    state.unread.removeSubrange(...end)
                    state.seen += next + "\n"
                    return next
                }
                var entry = pollfd(fd: line, events: Int16(POLLIN), revents: 0)
                var part = [UInt8](repeating: 0, count: 4096)
                guard poll(&entry, 1, 30_000) == 1, case let count = read(line, &part, part.count), count > 0 else {
                    throw Silence(awaited: text, seen: state.seen)
                }
                state.unread += part[..<count]
            }
        }
    }

    func signal(_ number: Int32) { kill(identifier, number) }

    /// Ends it; how it ended: its exit code, or the number of the signal below zero.
    @discardableResult
    func stop(_ number: Int32 = SIGTERM) -> Int32 {
        state.withLock { state in
            if state.ended == nil { kill(identifier, number) }
            return wait(0, &state) ?? 0
        }
    }

    /// How it ended by itself, as `stop` tells it; it is stopped where it has not after thirty seconds.
    func end() -> Int32 {
        var entry = pollfd(fd: line, events: 0, revents: 0)
        // Its end of the line is closed when it ends.
        guard poll(&entry, 1, 30_000) == 1 else { return stop(SIGKILL) }
        return state.withLock { wait(0, &$0) ?? 0 }
    }

    /// Whether it has not ended by itself.
    var isRunning: Bool { state.withLock { wait(WNOHANG, &$0) == nil } }

    private func wait(_ options: Int32, _ state: inout State) -> Int32? {
        var status: Int32 = 0
        if state.ended == nil, waitpid(identifier, &status, options) == identifier {
            state.ended = status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
        }
        return state.ended
    }
}

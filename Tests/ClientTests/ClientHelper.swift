import Glibc
import Reactor
import Stack
import Stores
import Synchronization
import Testing

/// A Python program that drives a client: it is started once, since that takes a second, and does many operations.
/// It ends with its standard input, and so with these tests.
final class ClientHelper: Sendable {
    enum Program: String, CaseIterable, Sendable {
        case psycopg, boto3, openai, qdrant
    }

    struct Broken: Error, CustomStringConvertible {
        var program: Program
        var what: String
        var description: String { "the helper with \(program.rawValue) \(what)" }
    }

    private let program: Program
    private let line: Int32
    private let unread = Mutex<[UInt8]>([])
    private static let started = Mutex<[Program: ClientHelper]>([:])
    private static let answerWithin: Int32 = 60_000

    static func of(_ program: Program) throws -> ClientHelper {
        try started.withLock { helpers in
            if let helper = helpers[program] { return helper }
            let helper = try ClientHelper(program)
            helpers[program] = helper
            return helper
        }
    }

    private init(_ program: Program) throws {
        let home = try NativeStack.current().home
        let script = "\(home.project)/Tests/ClientTests/Clients/drive_\(program.rawValue).py"
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for number: Int32 in 0...1 { posix_spawn_file_actions_adddup2(&actions, ends[1], number) }
        let words: [String] = ["\(home.python)/bin/python", "-B", script]
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var identifier = pid_t()
        let code = posix_spawn(&identifier, words[0], &actions, nil, arguments, environ)
        close(ends[1])
        try #require(code == 0, "\(words[0]) cannot be started: run `make test`")
        (self.program, line) = (program, ends[0])
    }

    /// What comes of one operation.
    func call(_ operation: String, _ arguments: [String: JSON]) async throws -> ClientOutcome {
        var asked = arguments
        asked["operation"] = .string(operation)
        let bytes = JSON.object(asked).bytes + [UInt8(ascii: "\n")]
        let answer = try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread.start(name: "helper") { [self] in
                    continuation.resume(with: Result { try exchange(bytes) })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        guard let answer = JSON(answer) else { throw Broken(program: program, what: "answered no JSON") }
        return ClientOutcome(answer)
    }

    private func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
        try unread.withLock { unread in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { send(line, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { throw Broken(program: program, what: "is gone") }
                rest = rest.dropFirst(count)
            }
            while true {
                if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { unread.removeSubrange(...end) }
                    return Array(unread[..<end])
                }
                var entry = pollfd(fd: line, events: Int16(POLLIN), revents: 0)
                var part = [UInt8](repeating: 0, count: 65536)
                guard poll(&entry, 1, Self.answerWithin) == 1, case let count = read(line, &part, part.count), count > 0
                else { throw Broken(program: program, what: "has not answered within a minute, or ended") }
                unread += part[..<count]
            }
        }
    }
}

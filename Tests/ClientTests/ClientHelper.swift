import Foundation
import Glibc
import Reactor
import Stack
import Stores
import Synchronization
import Testing

/// A Python program that drives a client: it is kept, since to start takes a second, and does one operation at a time.
/// It ends with its standard input, and so with these tests.
final class ClientHelper: Sendable {
    struct Program: Hashable, Sendable, CustomStringConvertible {
        /// Of `drive_NAME.py`.
        var driver: String
        /// The folder in `.faultline/clients` that goes before the environment's packages; empty for none.
        var clients = ""
        var description: String { clients.isEmpty ? driver : clients }
    }

    struct Broken: Error, CustomStringConvertible {
        var program: Program
        var what: String
        var description: String { "the helper with \(program) \(what)" }
    }

    private let program: Program
    private let line: Int32
    private let unread = Mutex<[UInt8]>([])
    /// Those that have nothing to do.
    private static let idle = Mutex<[Program: [ClientHelper]]>([:])
    private static let answerWithin: Int32 = 60_000

    /// What comes of one operation.
    static func call(
        _ program: Program, _ operation: String, _ arguments: [String: JSON] = [:]
    ) async throws -> ClientOutcome {
        let helper = try idle.withLock { $0[program]?.popLast() } ?? ClientHelper(program)
        let outcome = try await helper.call(operation, arguments)
        idle.withLock { $0[program, default: []].append(helper) }
        return outcome
    }

    private init(_ program: Program) throws {
        let home = try NativeStack.current().home
        let script = "\(home.project)/Tests/ClientTests/Clients/drive_\(program.driver).py"
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
        // Packages of a user's own must not reach it.
        var environment = ProcessInfo.processInfo.environment
        environment["PYTHONPATH"] = program.clients.isEmpty ? nil : "\(home.folder)/clients/\(program.clients)"
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for variable in variables { free(variable) } }
        let code = posix_spawn(&identifier, words[0], &actions, nil, arguments, variables)
        close(ends[1])
        try #require(code == 0, "\(words[0]) cannot be started: run `make test`")
        (self.program, line) = (program, ends[0])
    }

    deinit { close(line) }

    private func call(_ operation: String, _ arguments: [String: JSON]) async throws -> ClientOutcome {
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

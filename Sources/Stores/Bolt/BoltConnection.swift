internal import Glibc
internal import Wire

/// One Bolt connection over a socket. Lives on the thread of its seat.
final class BoltConnection {
    /// What is at stake when an answer is lost.
    enum Stakes {
        case autoCommit
        /// Nothing: without COMMIT the server rolls back.
        case none
        case commit
    }

    enum State {
        case ready
        case inTransaction
        /// After FAILURE, until RESET.
        case failed
        /// Interrupted; answers are owed that nobody will read.
        case spent
    }

    private(set) var state = State.spent
    /// The server said that another one takes writes.
    private(set) var isOfFollower = false
    private let socket: Socket
    private var chunks = BoltChunks()
    private let database: String

    /// Connects, agrees on a version, greets and authenticates.
    init(address: ServiceAddress, for call: Call) throws(StoreError) {
        database = address.path.isEmpty ? "neo4j" : address.path
        do throws(Interruption) {
            socket = try Socket(host: address.host, port: address.port, for: call)
        } catch {
            throw StoreError(service: "neo4j", operation: call.operation, connecting: error)
        }
        do throws(StoreError) {
            try greet(address, for: call)
        } catch {
            var failure = error
            failure.outcome = .definite
            failure.message = "greeting: \(error.message)"
            throw failure
        }
        state = .ready
    }

    deinit {
        // A word of farewell, if the socket takes it at once.
        guard state == .ready else { return }
        let goodbye = BoltRequest.goodbye.bytes
        _ = send(socket.descriptor, goodbye, goodbye.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    /// The seat's connection when it is still good, or a new one in its place. Nothing was sent yet, so this is no retry.
    static func ready(
        _ connection: inout BoltConnection?, _ address: ServiceAddress, _ timeouts: Timeouts, for call: Call
    ) throws(StoreError) -> BoltConnection {
        if let connection, connection.state == .ready, connection.isAlive { return connection }
        connection = nil
        var connecting = call
        connecting.deadline = call.deadline.clipped(to: timeouts.connect)
        let fresh = try BoltConnection(address: address, for: connecting)
        connection = fresh
        return fresh
    }

    /// The server has not closed the connection while it lay idle. No-ops may have come.
    private var isAlive: Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        while !socket.isQuiet {
            let count = recv(socket.descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return false }
            chunks.append(bytes[..<count])
            guard (try? chunks.next()) == .some(nil), chunks.isBetweenMessages else { return false }
        }
        return true
    }

    // MARK: Conversations

    func run(
        _ cypher: String, _ parameters: [String: BoltValue], stakes: Stakes, for call: Call
    ) throws(StoreError) -> BoltResult {
        let extra: [String: BoltValue] = stakes == .none ? [:] : ["db": .string(database)]
        let before = state
        let replies = try converse([.run(cypher, parameters: parameters, extra: extra), .pullAll], stakes, for: call)
        state = before
        return BoltResult(
            fields: replies.successes[0]["fields"]?.list?.compactMap(\.string) ?? [], records: replies.records,
            summary: replies.successes[1])
    }

    func begin(for call: Call) throws(StoreError) {
        _ = try converse([.begin(["db": .string(database)])], .none, for: call)
        state = .inTransaction
    }

    func commit(for call: Call) throws(StoreError) {
        _ = try converse([.commit], .commit, for: call)
        state = .ready
    }

    func rollBack(for call: Call) throws(StoreError) {
        // RESET ends the transaction of a failed connection, and the failure.
        _ = try converse([state == .failed ? .reset : .rollback], .none, for: call)
        state = .ready
    }

    /// Makes a connection usable again after FAILURE.
    func reset(for call: Call) throws(StoreError) {
        _ = try converse([.reset], .none, for: call)
        state = .ready
    }

    /// Takes a failed connection for one that is good.
    func forgetFailure() { state = .ready }

    private func greet(_ address: ServiceAddress, for call: Call) throws(StoreError) {
        let version = try agree(for: call)
        var hello: [String: BoltValue] = ["user_agent": "faultline/1"]
        if version >= (5, 3) { hello["bolt_agent"] = ["product": "faultline/1"] }
        let token: [String: BoltValue] =
            if let user = address.user {
                ["scheme": "basic", "principal": .string(user), "credentials": .string(address.password ?? "")]
            } else {
                ["scheme": "none"]
            }
        if version >= (5, 1) {
            _ = try converse([.hello(hello), .logon(token)], .none, for: call)
        } else {
            _ = try converse([.hello(hello.merging(token) { old, _ in old })], .none, for: call)
        }
    }

    /// The handshake: four proposals, one answer. 5.8 to 5.0, then 4.4 to 4.2.
    private func agree(for call: Call) throws(StoreError) -> (Int, Int) {
        let proposals: [UInt8] = [0x60, 0x60, 0xb0, 0x17, 0, 8, 8, 5, 0, 2, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0]
        var answer: [UInt8] = []
        do throws(Interruption) {
            var sent = 0
            try socket.send(proposals, sent: &sent, for: call)
            while answer.count < 4 { try socket.receive(into: &answer, for: call) }
            guard answer.count == 4, answer[2] > 0 || answer[3] > 0 else {
                throw .garbled("the server speaks none of Bolt 5.0-5.8, 4.2-4.4")
            }
            guard answer[3] == 5 || answer[3] == 4 else { throw .garbled("the server does not speak Bolt: \(answer)") }
        } catch {
            throw failure(error, .definite, for: call)
        }
        return (Int(answer[3]), Int(answer[2]))
    }

    private struct Replies {
        /// The metadata of each request's SUCCESS.
        var successes: [[String: BoltValue]] = []
        var records: [[BoltValue]] = []
    }

    /// Sends requests together and reads all their answers. The first FAILURE is thrown after the rest was read.
    private func converse(
        _ requests: [BoltRequest], _ stakes: Stakes, for call: Call
    ) throws(StoreError) -> Replies {
        var replies = Replies()
        var refusal: (code: String, message: String)?
        let bytes = requests.flatMap(\.bytes)
        var sent = 0
        let owed = state
        state = .spent
        do throws(Interruption) {
            do throws(Interruption) {
                try call.check()
            } catch {
                state = owed
                throw error
            }
            try socket.send(bytes, sent: &sent, for: call)
            var answered = 0
            while answered < requests.count {
                switch try nextReply(for: call) {
                case .record(let values): replies.records.append(values)
                case .success(let metadata):
                    replies.successes.append(metadata)
                    answered += 1
                case .ignored: answered += 1
                case .failure(let code, let message):
                    refusal = refusal ?? (code, message)
                    answered += 1
                }
            }
        } catch {
            // A server that refuses the greeting ends the connection right behind its refusal.
            if let refusal, owed == .spent {
                throw BoltError.error(code: refusal.code, message: refusal.message, operation: call.operation)
            }
            // A server acts on a message that it has whole.
            throw failure(error, sent == bytes.count && stakes != .none ? .indefinite : .definite, for: call)
        }
        if let refusal {
            state = .failed
            isOfFollower = BoltError.isOfFollower(refusal.code)
            var error = BoltError.error(code: refusal.code, message: refusal.message, operation: call.operation)
            if stakes != .none, BoltError.leavesDoubt(refusal.code) { error.outcome = .indefinite }
            throw error
        }
        guard replies.successes.count == requests.count else {
            throw failure(
                .unusable("the server ignored a request, as it does after a failure until RESET"), .definite, for: call)
        }
        return replies
    }

    private func nextReply(for call: Call) throws(Interruption) -> BoltReply {
        var bytes: [UInt8] = []
        while true {
            let message: [UInt8]?
            do throws(BoltChunks.Malformed) {
                message = try chunks.next()
            } catch {
                throw .garbled("a message of more than \(chunks.messageLimitBytes) bytes")
            }
            if let message {
                guard let reply = BoltReply(message) else { throw .garbled("a message that is no answer") }
                return reply
            }
            bytes.removeAll(keepingCapacity: true)
            try socket.receive(into: &bytes, for: call)
            chunks.append(bytes)
        }
    }

    private func failure(_ error: Interruption, _ outcome: StoreError.Outcome, for call: Call) -> StoreError {
        StoreError(
            service: "neo4j", operation: call.operation, outcome: outcome, isTransient: error.isTransient,
            code: error.code, message: error.message)
    }
}

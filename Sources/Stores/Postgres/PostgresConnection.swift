internal import CPostgres
internal import Glibc

/// One connection of libpq in its non-blocking form. Lives on the thread of its seat.
final class PostgresConnection {
    /// What is at stake when a statement's answer is lost.
    enum Stakes {
        /// The statement commits by itself.
        case autoCommit
        /// Nothing: without COMMIT the server rolls back.
        case none
        case commit
    }

    enum Statement: Sendable {
        case one(String, parameters: [String?])
        case script(String)

        /// libpq takes C strings, which would end there.
        var holdsNUL: Bool {
            switch self {
            case .script(let text): text.utf8.contains(0)
            case .one(let text, let parameters):
                text.utf8.contains(0) || parameters.contains { $0?.utf8.contains(0) ?? false }
            }
        }
    }

    private let handle: OpaquePointer

    /// Connects, greets and authenticates.
    init(endpoint: String, for call: Call) throws(StoreError) {
        do {
            handle = try Self.open(endpoint, abandonedAfterMilliseconds: 500, for: call)
        } catch let error where error.message.contains(Self.checkInterval) {
            // PostgreSQL 13 and older.
            handle = try Self.open(endpoint, abandonedAfterMilliseconds: nil, for: call)
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        PQsetnonblocking(handle, 1)
    }

    deinit {
        PQfinish(handle)
    }

    var isIdle: Bool { PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE }

    /// A transaction is open, broken or not, and no statement of it is under way.
    var isInTransaction: Bool {
        let state = PQtransactionStatus(handle)
        return PQstatus(handle) == CONNECTION_OK && (state == PQTRANS_INTRANS || state == PQTRANS_INERROR)
    }

    /// The server has not closed the connection while it lay idle.
    var isAlive: Bool {
        while isIdle {
            var polled = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            if poll(&polled, 1, 0) == 0 { return true }
            // A notice, a parameter's new value, or the server's last words.
            if PQconsumeInput(handle) == 0 { return false }
        }
        return false
    }

    /// Runs a statement. After anything but an answer from the server the connection is in no state to go on.
    func run(_ statement: Statement, stakes: Stakes, for call: Call) throws(StoreError) -> PostgresResult {
        var isSent = false
        let answer: PostgresAnswer
        do throws(Interruption) {
            try call.check()
            try send(statement)
            try flush(for: call)
            isSent = true
            answer = try receive(for: call)
        } catch {
            throw StoreError(
                service: "postgres", operation: call.operation,
                outcome: isSent && stakes != .none ? .indefinite : .definite, isTransient: error.isTransient,
                code: error.code, message: lastWords(of: error))
        }
        return try answer.get(operation: call.operation, stakes: stakes).get()
    }

    private func send(_ statement: Statement) throws(Interruption) {
        guard !statement.holdsNUL else { throw .unusable("PostgreSQL takes no NUL character in text") }
        let accepted: Int32
        switch statement {
        case .script(let script):
            accepted = PQsendQuery(handle, script)
        case .one(let sql, let parameters):
            let values = parameters.map { value in value.map { UnsafePointer<CChar>(strdup($0)!) } }
            defer { for value in values { free(UnsafeMutablePointer(mutating: value)) } }
            accepted = PQsendQueryParams(handle, sql, Int32(values.count), nil, values, nil, nil, 0)
        }
        guard accepted == 0 else { return }
        if PQstatus(handle) == CONNECTION_OK { throw .unusable(Self.oneLine(String(cString: PQerrorMessage(handle)))) }
        throw .ended
    }

    private func flush(for call: Call) throws(Interruption) {
        while true {
            let state = PQflush(handle)
            if state == 0 { return }
            if state < 0 { throw .ended }
            let ready = try call.wait(for: PQsocket(handle), POLLIN | POLLOUT)
            if ready & POLLIN != 0, PQconsumeInput(handle) == 0 { throw .ended }
        }
    }

    private func receive(for call: Call) throws(Interruption) -> PostgresAnswer {
        var answer = PostgresAnswer()
        while true {
            while PQisBusy(handle) != 0 {
                try call.wait(for: PQsocket(handle), POLLIN)
                if PQconsumeInput(handle) == 0 {
                    // FATAL is a server's last word; the end of the connection takes nothing from it.
                    if answer.isFailure { return answer }
                    throw .ended
                }
            }
            guard let result = PQgetResult(handle) else { return answer }
            defer { PQclear(result) }
            try answer.take(result)
        }
    }

    private func lastWords(of interruption: Interruption) -> String {
        guard case .ended = interruption, let words = PQerrorMessage(handle), words.pointee != 0 else {
            return interruption.message
        }
        return Self.oneLine(String(cString: words))
    }
}

/// Connecting.
extension PostgresConnection {
    /// The seat's connection when it is still good, or a new one in its place. Nothing was sent yet, so this is no retry.
    static func ready(
        _ connection: inout PostgresConnection?, _ endpoint: String, _ timeouts: Timeouts, for call: Call
    ) throws(StoreError) -> PostgresConnection {
        if let connection, connection.isAlive { return connection }
        connection = nil
        var connecting = call
        connecting.deadline = call.deadline.clipped(to: timeouts.connect)
        let fresh = try PostgresConnection(endpoint: endpoint, for: connecting)
        connection = fresh
        return fresh
    }

    /// A server setting: how often a busy backend looks whether its client is still there, so that a statement abandoned
    /// here does not go on there.
    private static let checkInterval = "client_connection_check_interval"

    private static func open(
        _ endpoint: String, abandonedAfterMilliseconds: Int?, for call: Call
    ) throws(StoreError) -> OpaquePointer {
        var options = try givenOptions(endpoint, for: call)
        if let abandonedAfterMilliseconds {
            options += " -c \(checkInterval)=\(abandonedAfterMilliseconds)"
        }
        let names = ["dbname", "fallback_application_name", "options"]
        let values = [endpoint, "faultline", options]
        var nameList = names.map { UnsafePointer<CChar>(strdup($0)) } + [nil]
        var valueList = values.map { UnsafePointer<CChar>(strdup($0)) } + [nil]
        defer {
            for text in nameList + valueList { free(UnsafeMutablePointer(mutating: text)) }
        }
        guard let handle = PQconnectStartParams(&nameList, &valueList, 1) else {
            throw StoreError(
                service: "postgres", operation: call.operation, connecting: .system(operation: "libpq", ENOMEM))
        }
        // Verbose, because only its text says the SQLSTATE of a refused connection.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        do throws(Interruption) {
            var state = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
            while state != PGRES_POLLING_OK {
                if state == PGRES_POLLING_FAILED { throw .ended }
                try call.wait(for: PQsocket(handle), state == PGRES_POLLING_READING ? POLLIN : POLLOUT)
                state = PQconnectPoll(handle)
            }
            return handle
        } catch {
            defer { PQfinish(handle) }
            guard case .ended = error else {
                throw StoreError(service: "postgres", operation: call.operation, connecting: error)
            }
            throw refusal(String(cString: PQerrorMessage(handle)), for: call)
        }
    }

    /// The `options` that the connection string itself names.
    private static func givenOptions(_ endpoint: String, for call: Call) throws(StoreError) -> String {
        var complaint: UnsafeMutablePointer<CChar>?
        guard let parsed = PQconninfoParse(endpoint, &complaint) else {
            let message = complaint.map { oneLine(String(cString: $0)) } ?? "not a connection string"
            PQfreemem(complaint)
            throw StoreError(
                service: "postgres", operation: call.operation, outcome: .definite, isTransient: false,
                code: StoreError.Code.misuse, message: "the address of postgres cannot be read: \(message)")
        }
        defer { PQconninfoFree(parsed) }
        var option = parsed
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "options", let value = option.pointee.val { return String(cString: value) }
            option += 1
        }
        return ""
    }

    /// libpq tells why a connection failed in text alone: `... failed: FATAL:  53300: sorry, too many clients already`.
    private static func refusal(_ text: String, for call: Call) -> StoreError {
        let state = text.firstMatch(of: /(?:FATAL|ERROR|PANIC): +([0-9A-Z]{5}):/).map { String($0.1) }
        let message = text.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }.joined(separator: " ")
        return StoreError(
            service: "postgres", operation: call.operation, outcome: .definite,
            isTransient: state.map(SQLState.isTransient) ?? true, code: state ?? StoreError.Code.connect,
            message: message)
    }

    fileprivate static func oneLine(_ text: String) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == "\t" || $0 == " " } }.joined(separator: " ")
    }
}

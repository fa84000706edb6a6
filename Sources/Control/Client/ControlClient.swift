import Glibc
import Reactor
package import Stores

/// Asks the control API of a standing proxy, on threads of its own.
package struct ControlClient: Sendable {
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    private let address: String
    private let token: String?
    private let option: String

    /// - Parameters:
    ///   - address: `HOST:PORT`.
    ///   - option: which of the command line's names the address.
    package init(_ address: String, token: String?, option: String = "--api") {
        self.address = address
        self.token = token
        self.option = option
    }

    /// - Parameters:
    ///   - path: segments, not encoded.
    /// - Returns: what the API answers; `null` where that is nothing.
    /// - Throws: `Failure`, in the API's words where it refuses.
    package func send(
        _ method: String, _ path: [String], query: [String: String] = [:], body: JSON? = nil
    ) async throws -> JSON {
        let reply = try await exchange(method, path, query: query, body: body)
        guard reply.isDone else { throw Failure(description: reply.refusal) }
        return reply.body
    }

    /// What the API answers, whatever that is.
    struct Reply: Sendable {
        var status: Int
        /// Which proxy answers.
        var instance: String?
        /// `null` where there is none.
        var body: JSON

        var isDone: Bool { (200...299).contains(status) }
        /// Why it refuses.
        var refusal: String { body["error"]?.string ?? "the control API answers \(status)" }
    }

    /// - Throws: `Failure` where there is no answer.
    func exchange(
        _ method: String, _ path: [String], query: [String: String] = [:], body: JSON? = nil
    ) async throws -> Reply {
        let request = head(method, path, query, body)
        return try await onThread {
            let connection = try connect()
            try connection.send(request)
            let head = try connection.head()
            return Reply(
                status: head.status, instance: head.instance, body: JSON(try connection.body(head)) ?? .null)
        }
    }

    /// Reads bytes that come in a stream until it ends, or `onBytes` says that it is enough.
    ///
    /// - Parameters:
    ///   - onStart: given the answer's head; throws where it is not as it should be.
    ///   - onBytes: called on a thread of its own.
    func stream(
        _ path: [String], onStart: @escaping @Sendable (Reply) throws -> Void,
        onBytes: @escaping @Sendable ([UInt8]) throws -> Bool
    ) async throws {
        let request = head("GET", path, [:], nil)
        try await onThread {
            let connection = try connect()
            try connection.send(request)
            let head = try connection.head()
            let body = head.status == 200 ? JSON.null : JSON(try connection.body(head)) ?? .null
            try onStart(Reply(status: head.status, instance: head.instance, body: body))
            while let bytes = try connection.streamBytes() { guard try onBytes(bytes) else { return } }
        }
    }

    /// One of the wire's events, or how many were missed.
    package enum Event: Sendable {
        case wire(JSON)
        case missed(Int)
    }

    /// Watches the wire until `onEvent` says that it is enough.
    ///
    /// - Parameters:
    ///   - onStart: called once every event from now on is told.
    ///   - onEvent: called on a thread of its own.
    package func watch(
        _ query: [String: String], onStart: @escaping @Sendable () -> Void,
        onEvent: @escaping @Sendable (Event) -> Bool
    ) async throws {
        let request = head("GET", ["v1", "events"], query, nil)
        let stopping = StopFlag()
        try await withTaskCancellationHandler {
            try await onThread {
                let connection = try connect()
                try connection.send(request)
                let head = try connection.head()
                guard head.status == 200 else {
                    let body = try connection.body(head)
                    throw Failure(description: JSON(body)?["error"]?.string ?? "the control API answers \(head.status)")
                }
                var name = ""
                while !stopping.isSet, let line = try connection.streamLine(head) {
                    if line.hasPrefix(": watching") { onStart() }
                    if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
                    guard line.hasPrefix("data: "), let data = JSON(Array(line.utf8.dropFirst(6))) else { continue }
                    guard onEvent(name == "missed" ? .missed(data["missed"]?.int ?? 0) : .wire(data)) else { return }
                }
            }
        } onCancel: {
            stopping.set()
        }
        try Task.checkCancellation()
    }

    private func connect() throws -> ControlConnection {
        do {
            return try ControlConnection(address)
        } catch let error as SocketError {
            throw Failure(
                description: "no control API at \(address): \(error.message); start 'faultline proxy', or name another "
                    + "address with \(option)")
        }
    }

    private func head(_ method: String, _ path: [String], _ query: [String: String], _ body: JSON?) -> [UInt8] {
        var target = "/" + path.map(Self.encoded).joined(separator: "/")
        if !query.isEmpty {
            target += "?"
            target += query.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value))" }
                .joined(separator: "&")
        }
        let content = body?.bytes ?? []
        var head = "\(method) \(target) HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\nUser-Agent: faultline\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        if body != nil { head += "Content-Type: application/json\r\nContent-Length: \(content.count)\r\n" }
        return Array("\(head)\r\n".utf8) + content
    }

    private static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar))
            encoded += isPlain ? String(Character(scalar)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return encoded
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread.start(name: "control") { continuation.resume(with: Result { try work() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

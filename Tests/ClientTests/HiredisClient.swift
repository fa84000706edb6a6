import CHiredis
import Glibc
import Reactor
import Stores
import Testing

/// hiredis as a C program uses it: one blocking connection, no time-out, nothing tried again.
///
/// An error reply is no error to it, but a reply; here it fails with the class `REDIS_REPLY_ERROR` and its first word as the
/// code.
enum HiredisClient {
    static var version: String { "\(HIREDIS_MAJOR).\(HIREDIS_MINOR).\(HIREDIS_PATCH)" }

    static func perform(_ operation: String, at address: String, key: String) async throws -> ClientOutcome {
        let commands = try commands(operation, key)
        let parts = address.split(separator: ":")
        let port = try #require(Int32(parts[1]))
        return try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread.start(name: "hiredis") {
                    continuation.resume(returning: exchange(commands, String(parts[0]), port))
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static func commands(_ operation: String, _ key: String) throws -> [[String]] {
        switch operation {
        case "set": [["SET", key, "1"]]
        case "get": [["GET", "client-cells:standing"]]
        case "increment": [["INCR", key]]
        case "pipeline": (1...3).map { ["RPUSH", key, "\($0)"] }
        case "transaction": [["MULTI"], ["INCR", key], ["INCR", key], ["EXEC"]]
        default: try { throw Unknown(operation: operation) }()
        }
    }

    private struct Unknown: Error { var operation: String }

    /// Sends all commands, then reads a reply for each: one value, or a list of several.
    private static func exchange(_ commands: [[String]], _ host: String, _ port: Int32) -> ClientOutcome {
        guard let context = redisConnect(host, port) else {
            return .failure(.init(classes: ["NULL"], code: "", message: ""))
        }
        defer { redisFree(context) }
        for command in commands {
            var words = command.map { UnsafePointer(strdup($0)) }
            defer { for word in words { free(UnsafeMutablePointer(mutating: word)) } }
            redisAppendCommandArgv(context, Int32(words.count), &words, nil)
        }
        var values: [JSON] = []
        var refusal: ClientOutcome.Failure?
        for _ in commands {
            var raw: UnsafeMutableRawPointer?
            guard redisGetReply(context, &raw) == REDIS_OK, let raw else { return .failure(lost(context)) }
            defer { freeReplyObject(raw) }
            let value = value(of: raw.assumingMemoryBound(to: redisReply.self), &refusal)
            values.append(value)
        }
        if let refusal { return .failure(refusal) }
        return .value(values.count == 1 ? values[0] : .array(values))
    }

    private static func lost(_ context: UnsafeMutablePointer<redisContext>) -> ClientOutcome.Failure {
        let names = [
            REDIS_ERR_IO: "REDIS_ERR_IO", REDIS_ERR_EOF: "REDIS_ERR_EOF", REDIS_ERR_PROTOCOL: "REDIS_ERR_PROTOCOL",
        ]
        let message = withUnsafeBytes(of: context.pointee.errstr) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return .init(classes: [names[context.pointee.err] ?? "REDIS_ERR_OTHER"], code: "", message: message)
    }

    /// - Parameter refusal: the first error reply, if there was one.
    private static func value(
        of reply: UnsafeMutablePointer<redisReply>, _ refusal: inout ClientOutcome.Failure?
    ) -> JSON {
        switch reply.pointee.type {
        case REDIS_REPLY_INTEGER: return .int(Int(reply.pointee.integer))
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_ARRAY:
            return .array((0..<reply.pointee.elements).map { value(of: reply.pointee.element[$0]!, &refusal) })
        default:
            let bytes = UnsafeRawBufferPointer(start: reply.pointee.str, count: reply.pointee.len)
            let text = String(decoding: bytes, as: UTF8.self)
            if reply.pointee.type == REDIS_REPLY_ERROR, refusal == nil {
                let prefix = text.prefix { $0 != " " }
                refusal = .init(classes: ["REDIS_REPLY_ERROR"], code: String(prefix), message: text)
            }
            return .string(text)
        }
    }
}

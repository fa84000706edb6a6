internal import Wire

/// The messages that a client sends (neo4j.com/docs/bolt/current/bolt/message).
enum BoltRequest {
    case hello([String: BoltValue])
    case logon([String: BoltValue])
    case goodbye
    case reset
    case run(String, parameters: [String: BoltValue], extra: [String: BoltValue])
    case begin([String: BoltValue])
    case commit
    case rollback
    case pullAll

    var bytes: [UInt8] {
        var writer = PackStreamWriter()
        writer.write(structure)
        return BoltChunks.split(writer.bytes)
    }

    private var structure: BoltValue {
        switch self {
        case .hello(let extra): .structure(tag: 0x01, fields: [.map(extra)])
        case .goodbye: .structure(tag: 0x02, fields: [])
        case .reset: .structure(tag: 0x0f, fields: [])
        case .run(let query, let parameters, let extra):
            .structure(tag: 0x10, fields: [.string(query), .map(parameters), .map(extra)])
        case .begin(let extra): .structure(tag: 0x11, fields: [.map(extra)])
        case .commit: .structure(tag: 0x12, fields: [])
        case .rollback: .structure(tag: 0x13, fields: [])
        case .pullAll: .structure(tag: 0x3f, fields: [["n": -1]])
        case .logon(let token): .structure(tag: 0x6a, fields: [.map(token)])
        }
    }
}

/// The messages that a server answers with.
enum BoltReply {
    case success([String: BoltValue])
    case record([BoltValue])
    case ignored
    case failure(code: String, message: String)

    /// nil when the message is none that a server may send.
    init?(_ bytes: [UInt8]) {
        guard case .structure(let tag, let fields)? = try? PackStreamReader.read(bytes) else { return nil }
        switch (tag, fields.first) {
        case (0x70, .map(let metadata)?): self = .success(metadata)
        case (0x71, .list(let values)?): self = .record(values)
        case (0x7e, _): self = .ignored
        case (0x7f, .map(let metadata)?):
            self = .failure(
                code: (metadata["code"] ?? metadata["neo4j_code"])?.string ?? "unknown",
                message: metadata["message"]?.string ?? "")
        default: return nil
        }
    }
}

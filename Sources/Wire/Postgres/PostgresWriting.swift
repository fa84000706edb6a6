/// PostgreSQL's messages as bytes (PostgreSQL documentation, 55.7).
package enum PostgresWriting {
    /// Of the statements that a link sends of its own accord, so that nobody else's has its name.
    private static let ownName = "faultline"

    package static func query(_ text: String) -> [UInt8] { message("Q", Array(text.utf8) + [0]) }

    /// A statement that cannot be parsed. The server stores nothing of it, and takes part in the failure as in any other:
    /// its transaction is aborted, and in the extended protocol it skips what follows up to Sync.
    ///
    /// - Parameter reason: what its log shall say.
    package static func failingParse(_ reason: String) -> [UInt8] {
        message("P", Array(ownName.utf8) + [0] + Array(failing(reason).utf8) + [0, 0, 0])
    }

    /// The same in the simple protocol.
    package static func failingQuery(_ reason: String) -> [UInt8] { query(failing(reason)) }

    private static func failing(_ reason: String) -> String {
        "faultline \(reason.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") })"
    }

    package static func closePortal(_ name: String) -> [UInt8] {
        message("C", [UInt8(ascii: "P")] + Array(name.utf8) + [0])
    }

    /// ErrorResponse, with the fields that are always there and the wording of the real server.
    package static func error(_ error: SQLError) -> [UInt8] {
        let severity = error.isFatal ? "FATAL" : "ERROR"
        var fields: [UInt8] = []
        for (code, value) in [("S", severity), ("V", severity), ("C", error.sqlstate), ("M", error.wording)] {
            fields += Array(code.utf8) + Array(value.utf8) + [0]
        }
        return message("E", fields + [0])
    }

    package static func ready(_ state: PostgresSession.State) -> [UInt8] { message("Z", [state.rawValue]) }

    private static func message(_ type: String, _ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count + 4)
        return Array(type.utf8) + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) } + body
    }
}

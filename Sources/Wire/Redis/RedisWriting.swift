/// What a link says itself in Redis' protocol.
package enum RedisWriting {
    /// An error reply, the same in both protocols.
    package static func error(_ error: RedisErrorReply) -> [UInt8] { line("-\(error.prefix) \(error.wording)") }

    /// The answer to `EXEC` when the server refuses it (`execCommandAbort` of Redis 7).
    package static func aborted(_ error: RedisErrorReply) -> [UInt8] {
        line("-EXECABORT Transaction discarded because of: \(error.prefix) \(error.wording)")
    }

    /// A command that no server knows, which fails a transaction as any that is refused does.
    package static func failing(_ reason: String) -> [UInt8] {
        Array("*2\r\n$9\r\nFAULTLINE\r\n$\(reason.utf8.count)\r\n\(reason)\r\n".utf8)
    }

    package static let discard = Array("*1\r\n$7\r\nDISCARD\r\n".utf8)

    /// A reply is one line, whatever it says.
    private static func line(_ text: String) -> [UInt8] {
        text.utf8.map { $0 == 0x0D || $0 == 0x0A ? 0x20 : $0 } + [0x0D, 0x0A]
    }
}

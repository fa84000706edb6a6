import Glibc
import Testing

/// A plain client, blocking, that waits twenty seconds at most.
final class Client {
    enum Answer: Hashable {
        case text(String)
        case end, reset, silence
        case other(Int32)
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private var descriptor: Int32

    /// - Parameters:
    ///   - address: `A.B.C.D:PORT` or `unix:PATH`.
    ///   - source: which of the loopback's addresses it comes from.
    init(_ address: String, from source: String? = nil) throws {
        let isUnix = address.hasPrefix("unix:")
        descriptor = socket(isUnix ? AF_UNIX : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "no socket: \(errno)") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        if let source {
            var local = try Self.internet(source, 0)
            try Self.check(Self.with(&local) { bind(descriptor, $0, $1) }, "bind to \(source)")
        }
        if isUnix {
            var peer = Self.unix(String(address.dropFirst(5)))
            try Self.check(Self.with(&peer) { Glibc.connect(descriptor, $0, $1) }, "connect to \(address)")
        } else {
            let parts = address.split(separator: ":")
            var peer = try Self.internet(String(parts[0]), try #require(UInt16(parts[1])))
            try Self.check(Self.with(&peer) { Glibc.connect(descriptor, $0, $1) }, "connect to \(address)")
        }
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    func send(_ text: String) { _ = Glibc.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }

    func receive() -> Answer {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        if count > 0 { return .text(String(decoding: bytes[..<count], as: UTF8.self)) }
        if count == 0 { return .end }
        switch errno {
        case ECONNRESET, EPIPE: return .reset
        case EAGAIN: return .silence
        default: return .other(errno)
        }
    }

    /// Sends a byte; what comes back.
    func ask() -> Answer {
        send("?")
        return receive()
    }

    // MARK: Addresses

    private static func internet(_ host: String, _ port: UInt16) throws -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        try #require(inet_pton(AF_INET, host, &address.sin_addr) == 1)
        return address
    }

    private static func unix(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return address
    }

    private static func with<Address>(
        _ address: inout Address, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<Address>.size)) }
        }
    }

    private static func check(_ code: Int32, _ what: String) throws {
        guard code == 0 else { throw Failure(description: "cannot \(what): \(String(cString: strerror(errno)))") }
    }
}

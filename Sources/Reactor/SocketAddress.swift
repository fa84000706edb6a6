import Glibc

/// An address that a socket can listen on or connect to: IPv4, IPv6 or a Unix socket's path.
package struct SocketAddress: Sendable, CustomStringConvertible {
    private var storage = sockaddr_storage()
    private var length: socklen_t

    private init(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
        self.length = length
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
        }
    }

    /// The address of a Unix socket.
    ///
    /// - Throws: `SocketError` when the path is longer than the system allows (107 bytes).
    package init(unixPath path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard path.utf8.count <= capacity else {
            throw SocketError(
                doing: "use the socket \(path)", code: ENAMETOOLONG, message: "its path is over \(capacity) bytes")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        self = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                SocketAddress($0, length: socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Every address that a host's name stands for, in the order of the system's resolver. Blocks: never call it on a loop.
    ///
    /// - Throws: `SocketError` with the resolver's words.
    package static func resolve(host: String, port: Int) throws -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            throw SocketError(doing: "resolve \(host)", code: 0, message: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var entry = list
        while let current = entry {
            let address = SocketAddress(current.pointee.ai_addr, length: current.pointee.ai_addrlen)
            // A hosts file that names an address twice gives it twice.
            if !found.contains(where: { $0.description == address.description }) { found.append(address) }
            entry = current.pointee.ai_next
        }
        return found
    }

    package var family: Int32 { Int32(storage.ss_family) }

    /// True for 127.0.0.0/8, ::1 and Unix sockets.
    package var isLoopback: Bool {
        switch family {
        case AF_UNIX: true
        case AF_INET: withUnsafeBytes(of: storage) { $0[4] == 127 }
        case AF_INET6: withUnsafeBytes(of: storage) { $0[8..<23].allSatisfy { $0 == 0 } && $0[23] == 1 }
        default: false
        }
    }

    /// The port in the address; 0 for a Unix socket.
    package var port: Int {
        family == AF_UNIX ? 0 : withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }

    /// The same address with another port; a Unix socket's stays as it is.
    package func with(port: Int) -> SocketAddress {
        guard family != AF_UNIX else { return self }
        var copy = self
        withUnsafeMutableBytes(of: &copy.storage) { ($0[2], $0[3]) = (UInt8(port >> 8), UInt8(port & 255)) }
        return copy
    }

    /// In numbers, as a user writes it: `127.0.0.1:80`, `[::1]:80`, `unix:PATH`.
    package var description: String {
        if family == AF_UNIX {
            return withUnsafeBytes(of: storage) { bytes in
                "unix:" + String(decoding: bytes[2..<Int(length)].prefix { $0 != 0 }, as: UTF8.self)
            }
        }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = withPointer { getnameinfo($0, $1, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) }
        guard code == 0 else { return "?:\(port)" }
        let text = host.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return family == AF_INET6 ? "[\(text)]:\(port)" : "\(text):\(port)"
    }

    /// The address that a socket has on this side.
    package static func local(of descriptor: Int32) throws -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return try withUnsafeMutablePointer(to: &storage) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard getsockname(descriptor, $0, &length) == 0 else {
                    throw SocketError.last("read a socket's address")
                }
                return SocketAddress($0, length: length)
            }
        }
    }

    /// The address that a connected socket has on the other side.
    package static func peer(of descriptor: Int32) throws -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return try withUnsafeMutablePointer(to: &storage) {
            try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard getpeername(descriptor, $0, &length) == 0 else {
                    throw SocketError.last("read a socket's peer")
                }
                return SocketAddress($0, length: length)
            }
        }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}

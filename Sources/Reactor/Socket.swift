import CReactor
import Glibc

/// The calls on non-blocking stream sockets that the proxy makes. Descriptors are plain numbers with one owner each.
package enum Socket {
    /// A listening socket, and the address that it got (port 0 asks for a free one).
    ///
    /// - Throws: `SocketError`, for an address in use among others.
    package static func listen(_ address: SocketAddress, named name: String) throws -> (
        descriptor: Int32, local: SocketAddress
    ) {
        let (descriptors, local) = try listen(address, named: name, copies: 1)
        return (descriptors[0], local)
    }

    /// Listening sockets of one address, and the address that they got. The kernel spreads connections between several
    /// (SO_REUSEPORT), which Unix sockets do not know.
    ///
    /// - Throws: `SocketError`, for an address on which anybody else listens among others.
    package static func listen(
        _ address: SocketAddress, named name: String, copies: Int
    ) throws -> (descriptors: [Int32], local: SocketAddress) {
        let (holder, local) = try bound(to: address, named: name)
        var descriptors = [holder]
        do {
            // Linux gives a port that it chose itself back when the socket stops listening. One that is asked for by its
            // number stays the socket's own, so ask for it; the first socket keeps it free from others meanwhile. That one
            // does not share its port while it is bound: a second copy of a program would take half of the connections.
            if address.family != AF_UNIX, address.port == 0 || copies > 1 {
                defer { close(holder) }
                descriptors = []
                if copies > 1 { set(holder, SOL_SOCKET, SO_REUSEPORT, 1) }
                for _ in 0..<copies {
                    descriptors.append(try bound(to: local, named: name, isShared: copies > 1).descriptor)
                }
            }
            for descriptor in descriptors where Glibc.listen(descriptor, backlog) != 0 {
                throw SocketError.last("listen on \(name)")
            }
        } catch {
            for descriptor in descriptors { close(descriptor) }
            throw error
        }
        return (descriptors, local)
    }

    private static let backlog: Int32 = 4096

    private static func bound(
        to address: SocketAddress, named name: String, isShared: Bool = false
    ) throws -> (descriptor: Int32, local: SocketAddress) {
        let descriptor = open(address.family)
        guard descriptor >= 0 else { throw SocketError.last("open a socket to listen on \(name)") }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        // Accepted sockets have it too.
        if address.family != AF_UNIX { set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1) }
        if isShared { set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
        guard address.withPointer({ bind(descriptor, $0, $1) }) == 0 else {
            let error = SocketError.last("listen on \(name)")
            close(descriptor)
            throw error
        }
        do {
            return (descriptor, try SocketAddress.local(of: descriptor))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Has a listening TCP socket refuse connections; its port stays its own. What waits to be accepted is reset.
    package static func stopListening(_ listener: Int32) { shutdown(listener, Int32(SHUT_RD)) }

    /// Has a TCP socket that `stopListening` was called for listen again.
    ///
    /// - Returns: false when somebody else listens on its port by now.
    package static func listenAgain(_ listener: Int32) -> Bool { Glibc.listen(listener, backlog) == 0 }

    /// Whether bytes that were written have not reached the peer's system; closing with RST would throw them away.
    package static func hasUnsent(_ descriptor: Int32) -> Bool { faultline_unsent(descriptor) > 0 }

    /// The next connection of a listener; `nil` when there is none now.
    ///
    /// - Throws: `SocketError` when the process or the system has no descriptor left.
    package static func accept(_ listener: Int32) throws(SocketError) -> Int32? {
        while true {
            let descriptor = faultline_accept(listener)
            if descriptor >= 0 { return descriptor }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: throw SocketError.last("accept a connection")
            default: return nil
            }
        }
    }

    /// Begins to connect; the descriptor turns writable when it has, or failed when it has not.
    ///
    /// - Returns: `nil` when it failed at once, with `errno` saying why.
    package static func connect(_ address: SocketAddress) -> Int32? {
        let descriptor = open(address.family)
        guard descriptor >= 0 else { return nil }
        if address.family != AF_UNIX { set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1) }
        if address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 || errno == EINPROGRESS { return descriptor }
        let code = errno
        close(descriptor)
        errno = code
        return nil
    }

    /// Whether a path holds a Unix socket on which nobody listens any more; never true of another kind of file.
    package static func isAbandoned(_ path: String, at address: SocketAddress) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        if let descriptor = connect(address) {
            close(descriptor)
            return false
        }
        return errno == ECONNREFUSED
    }

    /// The pending error of a socket (`SO_ERROR`), 0 when it has none.
    package static func pendingError(_ descriptor: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        return code
    }

    /// Whether the peer has ended its side, or reset the connection, by now.
    package static func peerHasLeft(_ descriptor: Int32) -> Bool {
        // POLLRDHUP, which glibc shows to those alone who ask for GNU's own.
        let ended: Int32 = 0x2000
        var poll = pollfd(fd: descriptor, events: Int16(ended), revents: 0)
        guard Glibc.poll(&poll, 1, 0) > 0 else { return false }
        return Int32(poll.revents) & (ended | Int32(POLLHUP) | Int32(POLLERR)) != 0
    }

    /// Closes with RST in place of FIN: what is unsent is thrown away, and the peer's next read fails.
    package static func closeWithReset(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    private static func open(_ family: Int32) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        return socket(family, kind, 0)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

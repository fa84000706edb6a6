internal import Glibc

/// A non-blocking TCP socket, closed when it is released.
final class Socket {
    let descriptor: Int32
    private var owned = true

    /// Connects to the first address of a host that answers.
    init(host: String, port: Int, for call: Call) throws(Interruption) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &found)
        guard code == 0, let first = found else {
            throw .system(operation: "looking up \(host)", code == EAI_SYSTEM ? errno : EHOSTUNREACH)
        }
        defer { freeaddrinfo(first) }
        var failure = Interruption.ended
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let address = next {
            do throws(Interruption) {
                descriptor = try Self.connect(address.pointee, host: host, port: port, for: call)
                return
            } catch {
                guard case .system = error else { throw error }
                failure = error
            }
            next = address.pointee.ai_next
        }
        throw failure
    }

    deinit {
        if owned { close(descriptor) }
    }

    /// Leaves the closing to a library that took the descriptor over.
    func disown() { owned = false }

    private static func connect(
        _ address: addrinfo, host: String, port: Int, for call: Call
    ) throws(Interruption) -> Int32 {
        let type = address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, type, 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", errno) }
        do throws(Interruption) {
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
            let operation = "connecting to \(host):\(port)"
            if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else { throw .system(operation: operation, errno) }
                try call.wait(for: descriptor, POLLOUT)
                var code: Int32 = 0
                var length = socklen_t(4)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
                guard code == 0 else { throw .system(operation: operation, code) }
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// The other side has not closed the connection, nor sent anything unasked.
    var isQuiet: Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) == 0
    }

    /// Sends all bytes. `sent` counts what the kernel took, also when this throws.
    func send(_ bytes: [UInt8], sent: inout Int, for call: Call) throws(Interruption) {
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try call.wait(for: descriptor, POLLOUT)
            } else if errno != EINTR {
                throw .system(operation: "sending", errno)
            }
        }
    }

    /// Appends what has arrived, waiting for the first byte.
    func receive(into buffer: inout [UInt8], for call: Call) throws(Interruption) {
        while true {
            let before = buffer.count
            buffer.append(contentsOf: repeatElement(0, count: 64 << 10))
            let count = buffer[before...].withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            let code = errno
            buffer.removeLast(buffer.count - before - max(count, 0))
            if count > 0 { return }
            if count == 0 { throw .ended }
            if code == EAGAIN {
                try call.wait(for: descriptor, POLLIN)
            } else if code != EINTR {
                throw .system(operation: "receiving", code)
            }
        }
    }
}

import CReactor
import Glibc

/// What became of a read or a write on a non-blocking descriptor.
package enum Transfer: Hashable, Sendable {
    case bytes(Int)
    /// The peer has ended its side.
    case end
    /// Not now; the loop tells when.
    case wait
    case failed
}

extension Socket {
    /// Reads what there is, up to the size of `buffer`.
    @inline(__always)
    package static func receive(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        while true {
            let count = faultline_receive(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wait : .failed
        }
    }

    /// Writes what the socket takes.
    @inline(__always)
    package static func transmit(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        while true {
            let count = faultline_transmit(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wait : .failed
        }
    }

    /// Sends FIN; the other direction stays open.
    package static func shutDown(_ descriptor: Int32) { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes in order: FIN, unless bytes of the peer lie unread.
    package static func closeInOrder(_ descriptor: Int32) { close(descriptor) }
}

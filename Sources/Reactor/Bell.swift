import CReactor
import Glibc

/// Wakes one waiting thread from any other.
package final class Bell: Sendable {
    private let descriptor: Int32

    /// - Throws: `SocketError` when the process has no descriptor left.
    package init() throws {
        descriptor = faultline_bell()
        guard descriptor >= 0 else { throw SocketError.last("make a bell") }
    }

    deinit { close(descriptor) }

    package func ring() { faultline_bell_ring(descriptor) }

    /// Waits until someone rings, at most so many milliseconds. Blocks: for threads of our own alone.
    package func wait(milliseconds: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, milliseconds) > 0 { faultline_bell_silence(descriptor) }
    }
}

import Glibc
import Reactor

/// How a peer's connection ended, as the peer saw it.
enum SoakEnding: Hashable, Sendable {
    /// FIN came.
    case finished
    /// RST came.
    case reset
    /// The peer itself sent RST, as its script says.
    case aborted
    /// Nobody listened.
    case refused
    /// The system could not even try, for this reason.
    case failed(Int32)
    /// Nothing happened for so long that the soak gave up.
    case stuck
}

/// A peer's end of one connection, driven by readiness on the soak's thread. What is said on it is up to the subclasses.
class SoakEnd {
    let descriptor: Int32
    /// `nil` while it goes on.
    private(set) var ending: SoakEnding?
    private(set) var sawEnd = false
    private var sentEnd = false
    /// RST was met while sending; what had arrived before can still be read.
    private var isBroken = false
    private var readsAgain = Nanoseconds.zero
    private(set) var lastProgress = Nanoseconds.now()
    /// At most so many bytes at once, with a pause behind; `nil` for a peer that reads as fast as it can.
    var slowness: (bytes: Int, pause: Nanoseconds)?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    // MARK: What subclasses say

    /// Bytes came.
    func took(_ bytes: UnsafeRawBufferPointer) {}
    /// FIN came.
    func tookEnd() {}
    /// How many bytes it would send at once now; 0 when there is nothing to say.
    var sayable: Int { 0 }
    /// Fills the buffer with the bytes that come next.
    func say(into buffer: UnsafeMutableRawBufferPointer) {}
    /// So many of them went out.
    func sent(_ count: Int) {}
    /// There is nothing more to say: FIN is due.
    var hasSaidAll: Bool { true }
    /// The script says to break the connection now.
    var shallAbort: Bool { false }

    // MARK: Driving

    /// What to ask poll(2) for.
    func wanted(at now: Nanoseconds) -> Int16 {
        var events: Int16 = 0
        if !sawEnd, now >= readsAgain { events |= Int16(POLLIN) }
        if !isBroken, !sentEnd, hasSaidAll || sayable > 0 { events |= Int16(POLLOUT) }
        return events
    }

    /// When a slow reader reads again; `nil` when it doesn't wait.
    func waitsUntil(_ now: Nanoseconds) -> Nanoseconds? { !sawEnd && readsAgain > now ? readsAgain : nil }

    /// - Parameter events: as poll(2) gives them.
    func turn(_ events: Int16, at now: Nanoseconds, _ buffer: UnsafeMutableRawBufferPointer) {
        guard ending == nil else { return }
        if events & Int16(POLLIN | POLLHUP | POLLERR) != 0 { read(at: now, buffer) }
        if ending == nil, events & Int16(POLLOUT) != 0 { write(at: now, buffer) }
        if ending == nil, shallAbort { return end(.aborted) }
        if ending == nil, sawEnd, sentEnd || isBroken { end(isBroken && !sentEnd ? .reset : .finished) }
    }

    private func read(at now: Nanoseconds, _ buffer: UnsafeMutableRawBufferPointer) {
        for _ in 0..<4 where ending == nil && !sawEnd {
            let most = min(buffer.count, slowness?.bytes ?? buffer.count)
            let count = recv(descriptor, buffer.baseAddress, most, 0)
            if count < 0 {
                if errno != EAGAIN { end(errno == ECONNREFUSED ? .refused : .reset) }
                return
            }
            lastProgress = now
            if count == 0 {
                // After RST was met while sending, the end of what can be read is no FIN.
                guard !isBroken else { return end(.reset) }
                sawEnd = true
                return tookEnd()
            }
            took(UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
            if shallAbort { return end(.aborted) }
            if let slowness {
                readsAgain = now + slowness.pause
                return
            }
            if count < most { return }
        }
    }

    private func write(at now: Nanoseconds, _ buffer: UnsafeMutableRawBufferPointer) {
        for _ in 0..<4 where !isBroken && !sentEnd {
            let count = min(sayable, buffer.count)
            if count == 0 {
                guard hasSaidAll else { return }
                sentEnd = true
                lastProgress = now
                shutdown(descriptor, Int32(SHUT_WR))
                return
            }
            say(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
            let gone = send(descriptor, buffer.baseAddress, count, Int32(MSG_NOSIGNAL))
            guard gone >= 0 else {
                if errno == EAGAIN { return }
                if errno == ECONNREFUSED { return end(.refused) }
                isBroken = true
                // Who had its last byte before is told of the breaking all the same.
                if sawEnd { end(.reset) }
                return
            }
            lastProgress = now
            sent(gone)
            if shallAbort { return end(.aborted) }
            if gone < count { return }
        }
    }

    func end(_ how: SoakEnding) {
        guard ending == nil else { return }
        ending = how
        switch how {
        case .aborted, .stuck: Socket.closeWithReset(descriptor)
        case .finished, .reset, .refused, .failed: close(descriptor)
        }
    }
}

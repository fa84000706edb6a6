import CReactor
import Glibc

/// A pipe through which bytes go from one socket to another without being copied.
package struct SplicePipe {
    package private(set) var count = 0
    private let readEnd: Int32
    private let writeEnd: Int32
    private static let capacity = 256 * 1024

    /// `nil` when the process has no descriptor left.
    package init?() {
        var ends: [Int32] = [-1, -1]
        guard faultline_pipe(&ends, Int32(Self.capacity)) == 0 else { return nil }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// Moves what the socket holds into the pipe, which is empty.
    package mutating func fill(from descriptor: Int32) -> Transfer {
        while true {
            let moved = faultline_splice(descriptor, writeEnd, Self.capacity)
            if moved > 0 {
                count += moved
                return .bytes(moved)
            }
            if moved == 0 { return .end }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wait : .failed
        }
    }

    /// Moves what the socket takes out of the pipe.
    package mutating func empty(into descriptor: Int32) -> Transfer {
        while true {
            let moved = faultline_splice(readEnd, descriptor, count)
            if moved > 0 {
                count -= moved
                return .bytes(moved)
            }
            if moved < 0, errno == EINTR { continue }
            return moved < 0 && errno == EAGAIN ? .wait : .failed
        }
    }

    package func close() {
        Glibc.close(readEnd)
        Glibc.close(writeEnd)
    }
}

/// Empty pipes for later use: a pipe costs two descriptors and three calls.
package struct PipePool {
    private var free: [SplicePipe] = []
    private static let keptMax = 64

    package init() {}

    package mutating func take() -> SplicePipe? { free.popLast() ?? SplicePipe() }

    /// Takes a pipe back; one that still holds bytes is closed.
    package mutating func put(_ pipe: SplicePipe) {
        if pipe.count == 0, free.count < Self.keptMax { free.append(pipe) } else { pipe.close() }
    }

    package mutating func closeAll() {
        for pipe in free { pipe.close() }
        free = []
    }
}

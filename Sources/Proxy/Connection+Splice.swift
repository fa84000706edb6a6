import Reactor
import Wire

/// Bulk bytes that nobody asks about go from socket to socket inside the kernel.
///
/// Small messages are copied: a splice costs them two calls more than it saves. So a half splices after two full reads in a
/// row, and copies again once little comes. A pipe holds bytes only while its half reads nothing else, which keeps order.
extension Connection {
    /// Below this, a splice has moved so little that copying is cheaper.
    private static let bulkMin = 8 * 1024
    private static let fullReadsMin = 2

    /// Takes notice of a read by copying.
    func noteRead(_ half: HalfPointer, _ count: Int) {
        if count == loop.scratch.count {
            half.pointee.fullReads += 1
        } else if count < Self.bulkMin {
            half.pointee.fullReads = 0
        }
    }

    /// Whether the half may splice now; it then has an empty pipe.
    func maySplice(_ half: HalfPointer) -> Bool {
        guard half.pointee.fullReads >= Self.fullReadsMin, flow == nil, tls == nil, !link.isTouched, terms == nil,
            !half.pointee.isCutShort, half.pointee.input.isEmpty, half.pointee.output.isEmpty,
            half.pointee.due <= loop.now
        else { return false }
        if half.pointee.pipe == nil { half.pointee.pipe = links.pipes.take() }
        // Without a descriptor left for a pipe, copying goes on; it needs none.
        if half.pointee.pipe == nil { half.pointee.fullReads = 0 }
        return half.pointee.pipe != nil
    }

    /// Reads into the half's pipe, and out of it what the sink takes; false when the connection is over.
    func splice(_ half: HalfPointer) -> Bool {
        switch half.pointee.pipe!.fill(from: half.pointee.source) {
        case .bytes(let count):
            half.pointee.counts.pointee.receivedBytes += count
            if count < Self.bulkMin { half.pointee.fullReads = 0 }
            recordChunk(half, count)
            return drainPipe(half)
        case .end: sourceEnded(half)
        // Only this means that the source is empty: a pipe may be full of small pieces long before its bytes are many.
        case .wait: half.pointee.readable = false
        case .failed:
            end(.reset)
            return false
        }
        return true
    }

    /// Passes on what the pipe holds, and gives back an empty pipe that is not needed; false when the connection is over.
    func drainPipe(_ half: HalfPointer) -> Bool {
        while half.pointee.writable, half.pointee.pipeCount > 0 {
            switch half.pointee.pipe!.empty(into: half.pointee.sink) {
            case .bytes(let count): half.pointee.counts.pointee.sentBytes += count
            case .wait, .end: half.pointee.writable = false
            case .failed:
                end(.reset)
                return false
            }
        }
        if let pipe = half.pointee.pipe, pipe.count == 0, half.pointee.fullReads < Self.fullReadsMin {
            links.pipes.put(pipe)
            half.pointee.pipe = nil
        }
        return true
    }
}

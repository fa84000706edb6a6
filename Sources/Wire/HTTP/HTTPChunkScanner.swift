/// Follows a chunked body (RFC 9112, 7.1) to its end, byte by byte where it must and by whole chunks where it can.
struct HTTPChunkScanner: Hashable, Sendable {
    private enum State: Hashable, Sendable {
        case size(value: Int, digits: Int)
        case sizeExtension(value: Int)
        case data(Int)
        case dataEnd
        /// Inside the trailers; `length` bytes of the present line were seen.
        case trailer(length: Int)
        case ended
    }

    private var state = State.size(value: 0, digits: 0)

    /// What is in the chunks of a whole body; `nil` where it is none.
    static func content(of body: RawSpan) -> [UInt8]? {
        var scanner = HTTPChunkScanner()
        var content: [UInt8] = []
        let scanned = try? scanner.scan(body) { data in
            body.extracting(data).withUnsafeBytes { content.append(contentsOf: $0) }
        }
        return scanned?.ended == true ? content : nil
    }

    /// How many bytes belong to the body, and whether it ends with them.
    ///
    /// - Parameter meet: is told where the chunks' content lies.
    @inline(__always)
    mutating func scan(
        _ bytes: RawSpan, meet: (_ content: Range<Int>) -> Void = { _ in }
    ) throws(WireError) -> (length: Int, ended: Bool) {
        var index = 0
        while index < bytes.byteCount, state != .ended {
            if case .data(let left) = state {
                let step = min(left, bytes.byteCount - index)
                meet(index..<(index + step))
                index += step
                state = step == left ? .dataEnd : .data(left - step)
                continue
            }
            try step(bytes.byte(at: index))
            index += 1
        }
        return (index, state == .ended)
    }

    private mutating func step(_ byte: UInt8) throws(WireError) {
        switch state {
        case .size(let value, let digits):
            if let digit = hexadecimal(byte) {
                guard digits < 15 else { throw WireError("a chunk size that is too large") }
                state = .size(value: value * 16 + digit, digits: digits + 1)
            } else {
                guard digits > 0 else { throw WireError("a chunk without a size") }
                // `0x10` is no size, whoever may read it as one.
                guard [0x0A, 0x0D, 0x20, 0x09, 0x3B].contains(byte) else {
                    throw WireError("a chunk size that is none")
                }
                state = byte == HTTPHeadParser.lineFeed ? afterSize(value) : .sizeExtension(value: value)
            }
        case .sizeExtension(let value):
            if byte == HTTPHeadParser.lineFeed { state = afterSize(value) }
        case .dataEnd:
            if byte == HTTPHeadParser.lineFeed {
                state = .size(value: 0, digits: 0)
            } else if byte != HTTPHeadParser.carriageReturn {
                throw WireError("a chunk longer than its size")
            }
        case .trailer(let length):
            if byte == HTTPHeadParser.lineFeed {
                state = length == 0 ? .ended : .trailer(length: 0)
            } else if byte != HTTPHeadParser.carriageReturn {
                state = .trailer(length: length + 1)
            }
        case .data, .ended:
            preconditionFailure("handled by scan")
        }
    }

    private func afterSize(_ value: Int) -> State { value == 0 ? .trailer(length: 0) : .data(value) }

    private func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x41 + 10
        case 0x61...0x66: Int(byte) - 0x61 + 10
        default: nil
        }
    }
}

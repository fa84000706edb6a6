import Wire

/// How bytes are taken apart piece by piece, as far as that is the same in every protocol whose messages have borders of their
/// own. What passes as it is leaves in one, however many messages it is.
extension Connection {
    /// What of the bytes in hand is dealt with, and from where on they are still to be passed as they are.
    struct Progress {
        let bytes: UnsafeRawBufferPointer
        var position = 0
        var passed = 0

        init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[position...]) }
        var isOver: Bool { position >= bytes.count }

        /// The next bytes, so many.
        func part(_ count: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
        }

        /// What is dealt with and waits to be passed.
        mutating func take() -> UnsafeRawBufferPointer {
            defer { passed = position }
            return UnsafeRawBufferPointer(rebasing: bytes[passed..<position])
        }

        /// So many bytes are dealt with otherwise.
        mutating func skip(_ count: Int) {
            position += count
            passed = position
        }
    }

    /// What came of looking for a piece.
    enum Step {
        /// One was there, and is dealt with or held.
        case taken
        /// It takes more bytes than there are.
        case needsMore
        /// The connection is over.
        case over

        init(isGoingOn: Bool) { self = isGoingOn ? .taken : .over }
    }

    /// Takes pieces for as long as the half may take any, and passes on what may pass as it is.
    ///
    /// - Parameter step: finds a piece in the rest and deals with it. It throws when the bytes make no sense from there on.
    /// - Returns: what `MessageFlow.consume` does.
    func takeApart(
        _ half: HalfPointer, _ bytes: UnsafeRawBufferPointer, _ step: (inout Progress) throws(WireError) -> Step
    ) -> Int? {
        var progress = Progress(bytes)
        do throws(WireError) {
            taking: while !progress.isOver, half.pointee.mayTake, flow != nil, !isEnding {
                switch try step(&progress) {
                case .taken: continue
                case .needsMore: break taking
                case .over: return nil
                }
            }
        } catch {
            let rest = progress.rest
            return flush(half, &progress) && becomeOpaque(half, rest) ? bytes.count : nil
        }
        guard flush(half, &progress) else { return nil }
        if flow == nil, !progress.isOver {
            guard emit(half, progress.rest) else { return nil }
            return bytes.count
        }
        return isEnding || half.pointee.isCutShort ? bytes.count : progress.position
    }

    /// Passes on what may pass as it is; false when the connection is over.
    func flush(_ half: HalfPointer, _ progress: inout Progress) -> Bool {
        let bytes = progress.take()
        return bytes.isEmpty || emit(half, bytes)
    }

    /// The next bytes go nowhere; false when the connection is over.
    func drop(_ half: HalfPointer, _ part: UnsafeRawBufferPointer, _ progress: inout Progress) -> Bool {
        guard flush(half, &progress) else { return false }
        progress.skip(part.count)
        return true
    }

    /// The next bytes are the present message's, and pass as far as that does; false when the connection is over.
    func pass(_ half: HalfPointer, _ part: UnsafeRawBufferPointer, _ progress: inout Progress) -> Bool {
        guard let message = half.pointee.message, message.isSwallowed || message.bytesLeft != nil else {
            half.pointee.message?.size += part.count
            progress.position += part.count
            return true
        }
        guard drop(half, part, &progress) else { return false }
        return passPart(half, message, part)
    }

    /// What the client has sent while it had to wait goes on; false when the connection is over.
    func resumeRequests() -> Bool {
        guard request.pointee.isPaused else { return true }
        request.pointee.isPaused = false
        return request.pointee.isHeld || request.pointee.input.isEmpty || takeInput(request)
    }
}

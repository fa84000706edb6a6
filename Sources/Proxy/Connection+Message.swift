import Faults
import Reactor
import Wire

/// What becomes of messages, as far as that is the same in every protocol that has some.
extension Connection {
    /// Does what a decision has happen to a message at its beginning: its delay, its shape, and its ending where that is not
    /// in the protocol's own words.
    ///
    /// - Parameter bytes: the message's first bytes, which tell what it is.
    /// - Returns: false when the connection is over, true when all that was to be done is done, `nil` when the message passes,
    ///   or meets an ending that takes the protocol's words (`reply`, `replyAfter`, `truncate`, `misframe`).
    func meet(
        _ half: HalfPointer, _ decision: Decision, _ message: MessageInPassing, _ bytes: UnsafeRawBufferPointer
    ) -> Bool? {
        shape(half, decision, message)
        switch decision.ending {
        case .forward, .reply, .replyAfter, .truncate, .misframe: return nil
        case .hold, .hang:
            message.size = bytes.count
            half.pointee.holder = decision.holder
            half.pointee.hangs = decision.ending == .hang
            half.pointee.heldDecision = decision
            return holdable(half) && summonIfHeld(half, decision)
        case .lose where half.pointee.direction == .response:
            (message.size, message.isSwallowed) = (bytes.count, true)
            return true
        case .lose, .reset(nil):
            message.size = bytes.count
            end(.reset)
            return false
        case .halfClose:
            message.size = 0
            settle(half, message)
            flow?.cutShort(half)
            cutShort(half)
            return true
        case .close(nil):
            message.size = 0
            cut(half, message)
            return true
        case .reset(let after?), .close(let after?):
            (message.size, message.bytesLeft) = (0, after)
            return passPart(half, message, bytes)
        }
    }

    /// What is held may be so for a process to be struck; true, as the connection goes on.
    func summonIfHeld(_ half: HalfPointer, _ decision: Decision) -> Bool {
        guard decision.summons.last == decision.holder, decision.holder != 0, half.pointee.isHeld else { return true }
        half.pointee.message?.claim(by: decision.holder)
        summon(decision.holder, half.pointee.direction, isHeld: true)
        return true
    }

    /// What was held and is so no longer, with what was decided on it: it goes on as the windows that edit it have it.
    func release(_ half: HalfPointer) -> (decision: Decision, message: MessageInPassing)? {
        guard var decision = half.pointee.heldDecision, let message = half.pointee.message else { return nil }
        half.pointee.heldDecision = nil
        decision.ending = .forward
        message.action = .delayed
        message.heldFor = loop.now - message.time
        return (decision, message)
    }

    /// Passes on a part of a message, as far as it may; false when the connection is over.
    func passPart(_ half: HalfPointer, _ message: MessageInPassing, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let left = message.bytesLeft else {
            message.size += bytes.count
            return message.isSwallowed || emit(half, bytes)
        }
        let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(left))
        message.size += part.count
        message.bytesLeft = left - part.count
        guard emit(half, part) else { return false }
        if left == part.count { cut(half, message) }
        return true
    }

    /// So many bytes have passed as the fault lets pass: what is queued is sent, then the connection ends.
    func cut(_ half: HalfPointer, _ message: MessageInPassing) {
        settle(half, message)
        ending = Ending(half: half, kind: message.action == .reset ? .reset : .closed)
    }

    /// The half's message is over, and told of.
    func settle(_ half: HalfPointer, _ message: MessageInPassing) {
        half.pointee.message = nil
        record(message, half.pointee.direction)
    }

    /// A message has come to its end, whatever became of it.
    ///
    /// - Returns: false when the connection is over, true when it is being ended, `nil` when it goes on.
    func finishOrEnd(_ half: HalfPointer, _ message: MessageInPassing) -> Bool? {
        if message.action == .lost {
            end(.reset)
            return false
        }
        guard message.bytesLeft != nil || message.endsConnection else { return nil }
        cut(half, message)
        return true
    }

    /// The bytes stopped making sense: from here on they pass as they are. Where they were to become something else, the
    /// connection ends.
    ///
    /// - Parameter rest: of the half's, what has not been dealt with.
    /// - Returns: false when the connection is over.
    func becomeOpaque(_ half: HalfPointer, _ rest: UnsafeRawBufferPointer) -> Bool {
        guard flow?.owesAnswers != true else {
            end(.reset)
            return false
        }
        record(.opaque)
        flow = nil
        for half in [request, response] { half.pointee.isPaused = false }
        for half in [request, response] where !half.pointee.isHeld {
            plain(half)
            if let message = half.pointee.message { settle(half, message) }
        }
        if !rest.isEmpty { recordChunk(half, rest.count) }
        guard emit(half, rest) else { return false }
        let other = half.pointee.direction == .request ? response : request
        return other.pointee.isHeld || other.pointee.input.isEmpty || takeInput(other)
    }
}

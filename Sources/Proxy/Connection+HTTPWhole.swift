import Faults
import Reactor
import Wire

/// What waits for a message to be whole: a body that is to be changed, a request that is to be sent again, an answer that is
/// given in another's place.
extension Connection {
    /// Keeps a part of a body that is to be changed; when that becomes too much, everything passes as it is.
    func keep(_ half: HalfPointer, _ message: MessageInPassing, _ bytes: UnsafeRawBufferPointer) -> Bool {
        message.size += bytes.count
        message.rewriting?.body.append(contentsOf: bytes)
        guard let rewriting = message.rewriting, rewriting.body.count > rewriting.bytesMax else { return true }
        message.rewriting = nil
        for rewrite in rewriting.rewrites { link.decline(rewrite.window) }
        return (rewriting.head + rewriting.body).withUnsafeBytes { emit(half, $0) }
    }

    /// Keeps a part of a request that is to be sent again; one that is too long is not.
    func copy(_ message: MessageInPassing, _ bytes: UnsafeRawBufferPointer) {
        guard let copy = message.copy else { return }
        if copy.bytes.count - copy.headBytes + bytes.count > copy.duplicate.upTo {
            link.decline(copy.duplicate.window)
            message.copy = nil
        } else {
            message.copy?.bytes.append(contentsOf: bytes)
        }
    }

    /// Sends what waited for the message's end; false when the connection is over.
    func complete(_ half: HalfPointer, _ http: HTTPFlow, _ message: MessageInPassing) -> Bool {
        if let rewriting = message.rewriting {
            message.rewriting = nil
            return pass(half, message, rewriting)
        }
        if let copy = message.copy {
            message.copy = nil
            return sendAgain(half, http, message, copy)
        }
        if half.pointee.direction == .response, message.action == .replied, let first = http.exchanges.first,
            let replacement = first.replacement
        {
            return replace(half, message, first, replacement)
        }
        return true
    }

    private func pass(_ half: HalfPointer, _ message: MessageInPassing, _ rewriting: Rewriting) -> Bool {
        var (head, body) = (rewriting.head, rewriting.body)
        for rewrite in rewriting.rewrites {
            guard rewriting.body.count <= rewrite.upTo,
                let edited = HTTPBodyEditor.apply([rewrite.edit], toHead: head.span.bytes, body: body.span.bytes),
                let headLength = HTTPHeadParser.headLength(edited.span.bytes)
            else {
                link.decline(rewrite.window)
                continue
            }
            (head, body) = (Array(edited[..<headLength]), Array(edited[headLength...]))
            link.confirm(rewrite.window)
            message.action = .edited
            message.claim(by: rewrite.window)
        }
        message.size = head.count + body.count
        return (head + body).withUnsafeBytes { emit(half, $0) }
    }

    private func sendAgain(
        _ half: HalfPointer, _ http: HTTPFlow, _ message: MessageInPassing, _ copy: RequestCopy
    ) -> Bool {
        link.confirm(copy.duplicate.window)
        message.action = .duplicated
        message.claim(by: copy.duplicate.window)
        var second = HTTPExchange(
            number: message.exchange, method: "", target: "", operation: message.operation, key: message.key)
        if let first = http.exchanges.last, first.number == message.exchange {
            (second.method, second.target, second.headers) = (first.method, first.target, first.headers)
        }
        second.isSecond = true
        http.exchanges.append(second)
        return copy.bytes.withUnsafeBytes { emit(half, $0) }
    }

    /// The upstream has done what it was asked to; the client hears something else.
    private func replace(
        _ half: HalfPointer, _ message: MessageInPassing, _ exchange: HTTPExchange,
        _ replacement: HTTPExchange.Replacement
    ) -> Bool {
        let closes = half.pointee.sawEnd
        guard
            let rendered = HTTPReplyRenderer.render(
                replacement.reply, dialect: link.dialect, answering: exchange.method, operation: exchange.operation,
                closes: closes)
        else { return true }
        link.confirm(replacement.window)
        (message.status, message.size) = (rendered.status, rendered.bytes.count)
        message.retryAfterMilliseconds = HTTPHeadParser.retryAfterMilliseconds(rendered.bytes.span.bytes)
        return rendered.bytes.withUnsafeBytes { emit(half, $0) }
    }
}

import Glibc
import Reactor
import Synchronization

/// Set once, by whoever wants something to end.
final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}

/// One request over HTTP/1.1 and its answer, blocking: never on Swift's pool.
final class ControlConnection {
    struct Head {
        var status: Int
        /// `nil`: in chunks, or until the connection ends.
        var length: Int?
        var isChunked: Bool
        /// Which proxy answers.
        var instance: String?
    }

    private let descriptor: Int32
    private var unread: [UInt8] = []
    /// Of the present chunk of a stream.
    private var chunkLeft = 0
    /// Of a stream; those before `lineStart` are taken.
    private var lines: [UInt8] = []
    private var lineStart = 0
    private static let silenceMax: Int32 = 30_000
    private static let connectMax: Int32 = 5_000

    /// - Throws: `SocketError` for nobody at that address.
    init(_ address: String) throws {
        let colon = address.lastIndex(of: ":") ?? address.endIndex
        let host = String(address[..<colon].filter { $0 != "[" && $0 != "]" })
        let port = colon == address.endIndex ? nil : Int(address[address.index(after: colon)...])
        var failure = SocketError(doing: "connect to \(address)", code: EINVAL, message: "no such address")
        for candidate in port == nil ? [] : try SocketAddress.resolve(host: host, port: port ?? 0) {
            guard let descriptor = Socket.connect(candidate) else {
                failure = SocketError.last("connect to \(address)")
                continue
            }
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let code = poll(&entry, 1, Self.connectMax) == 1 ? Socket.pendingError(descriptor) : ETIMEDOUT
            if code == 0 {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
            failure = SocketError(doing: "connect to \(address)", code: code, message: String(cString: strerror(code)))
        }
        throw failure
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            try wait(for: POLLOUT)
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SocketError.last("ask the control API") }
            rest = rest.dropFirst(count)
        }
    }

    func head() throws -> Head {
        var border: Range<Int>?
        while border == nil {
            border = unread.firstRange(of: Array("\r\n\r\n".utf8))
            if border == nil, try !read() { throw Self.broken }
        }
        guard let border else { throw Self.broken }
        let lines = String(decoding: unread[..<border.lowerBound], as: UTF8.self).split(separator: "\r\n")
        unread.removeSubrange(..<border.upperBound)
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Self.broken
        }
        var head = Head(status: status, length: nil, isChunked: false)
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.lowercased() }
            guard parts.count == 2 else { continue }
            if parts[0] == "faultline-proxy" { head.instance = String(parts[1].drop { $0 == " " }) }
            if parts[0] == "content-length" { head.length = Int(parts[1].drop { $0 == " " }) }
            if parts[0] == "transfer-encoding" { head.isChunked = parts[1].hasSuffix("chunked") }
        }
        if status == 204 { head.length = 0 }
        return head
    }

    func body(_ head: Head) throws -> [UInt8] {
        if head.isChunked {
            var lines: [UInt8] = []
            while let line = try streamLine(head) { lines += Array("\(line)\n".utf8) }
            return lines
        }
        while head.length.map({ unread.count < $0 }) ?? true { guard try read() else { break } }
        guard let length = head.length else { return unread }
        guard unread.count >= length else { throw Self.broken }
        return Array(unread[..<length])
    }

    /// The next line of a body that comes in chunks, without its end; `nil` behind the last.
    func streamLine(_ head: Head) throws -> String? {
        while true {
            if let end = lines[lineStart...].firstIndex(of: 0x0A) {
                defer { lineStart = end + 1 }
                return String(decoding: lines[lineStart..<end], as: UTF8.self)
            }
            lines.removeSubrange(..<lineStart)
            lineStart = 0
            guard try readChunk() else {
                defer { lines = [] }
                return lines.isEmpty ? nil : String(decoding: lines, as: UTF8.self)
            }
        }
    }

    /// More of a body that comes in chunks; `nil` behind its end.
    func streamBytes() throws -> [UInt8]? {
        guard try readChunk() else { return nil }
        defer { lines = [] }
        return lines
    }

    /// Moves more of the body to `lines`; false behind its end.
    private func readChunk() throws -> Bool {
        if chunkLeft == 0 {
            var size = ""
            while size.isEmpty {
                guard let end = unread.firstIndex(of: 0x0A) else {
                    guard try read() else { throw Self.broken }
                    continue
                }
                size = String(decoding: unread[..<end].filter { $0 != 0x0D }, as: UTF8.self)
                unread.removeSubrange(...end)
            }
            guard let count = Int(size, radix: 16) else { throw Self.broken }
            if count == 0 { return false }
            chunkLeft = count
        }
        if unread.isEmpty, try !read() { throw Self.broken }
        let part = unread.prefix(chunkLeft)
        lines += part
        chunkLeft -= part.count
        unread.removeFirst(part.count)
        return true
    }

    private static let broken = ControlClient.Failure(
        description: "the control API has ended in the middle of an answer")

    /// False at the end.
    private func read() throws -> Bool {
        try wait(for: POLLIN)
        var part = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &part, part.count, 0)
        guard count >= 0 else { throw SocketError.last("hear the control API") }
        unread += part[..<count]
        return count > 0
    }

    private func wait(for event: Int32) throws {
        var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        guard poll(&entry, 1, Self.silenceMax) == 1 else {
            throw ControlClient.Failure(
                description: "the control API says nothing for \(Self.silenceMax / 1000) seconds")
        }
    }
}

import Testing

/// An HTTP client at its plainest: it sends text, and reads answers off the wire.
final class HTTPTalk {
    struct Answer: Hashable {
        var status: Int
        /// The head as it came.
        var head: String
        /// With chunks put together.
        var body: String

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("\(name.lowercased()):") }
                .map { String($0.drop { $0 != ":" }.dropFirst(2)) }
        }
    }

    let peer: Peer
    private var buffer: [UInt8] = []

    init(_ peer: Peer) { self.peer = peer }

    convenience init(_ links: TestLinks, _ name: String = "link") async throws {
        self.init(try await links.connect(name))
    }

    /// A request's text. `headers` are lines without their ends.
    static func request(_ line: String, _ headers: [String] = [], body: String = "") -> String {
        let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
        return (["\(line) HTTP/1.1", "Host: test"] + headers + length).joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    func ask(_ line: String, _ headers: [String] = [], body: String = "") async throws -> Answer {
        try await peer.send(Self.request(line, headers, body: body))
        return try await answer(toHead: line.hasPrefix("HEAD "))
    }

    /// The next answer, whole; one of 1xx counts as one.
    func answer(toHead: Bool = false) async throws -> Answer {
        let head = try await head()
        let status = try #require(Int(head.split(separator: " ")[1]))
        var answer = Answer(status: status, head: head, body: "")
        if toHead || status < 200 || status == 204 || status == 304 { return answer }
        if answer.header("Transfer-Encoding") == "chunked" {
            answer.body = try await chunks()
        } else if let length = answer.header("Content-Length").flatMap({ Int($0) }) {
            answer.body = try await text(length)
        } else {
            while try await fill() {}
            answer.body = try await text(buffer.count)
        }
        return answer
    }

    /// Bytes of the next answer's body stay on the wire, but for those that came with the head.
    func headAlone() async throws -> (head: String, begun: Int) {
        let head = try await head()
        return (head, buffer.count)
    }

    private func head() async throws -> String {
        var text = ""
        repeat { text += try await line() + "\r\n" } while !text.hasSuffix("\r\n\r\n") && text != "\r\n"
        return text
    }

    private func chunks() async throws -> String {
        var body = ""
        while let size = Int(try await line().prefix { $0 != ";" }, radix: 16), size > 0 {
            body += try await text(size)
            _ = try await line()
        }
        while try await !line().isEmpty {}
        return body
    }

    private func line() async throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end + 1)
                return line.filter { $0 != "\r" }
            }
            guard try await fill() else { throw Peer.Failure.other(0) }
        }
    }

    private func text(_ count: Int) async throws -> String {
        while buffer.count < count { guard try await fill() else { throw Peer.Failure.other(0) } }
        defer { buffer.removeFirst(count) }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    private func fill() async throws -> Bool {
        let part = try await peer.receive()
        buffer += part
        return !part.isEmpty
    }
}

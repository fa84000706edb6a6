import Glibc
import Synchronization

/// An HTTP server that gives prepared answers, byte by byte as written, and remembers what it was asked.
final class CannedServer: Sendable {
    let port: Int
    private let listener: Int32
    private let answers: [String]
    private let closesAfterAnswer: Bool
    private let seen = Mutex<[String]>([])

    /// The requests so far: head and body.
    var requests: [String] { seen.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)" }

    /// The last answer is given again and again.
    init(_ answers: [String], closesAfterAnswer: Bool = false) {
        self.answers = answers
        self.closesAfterAnswer = closesAfterAnswer
        (listener, port) = Loopback.listen()
        Loopback.thread { self.accept() }
    }

    convenience init(status: String = "200 OK", headers: [String] = [], body: String = "") {
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        self.init([head.joined(separator: "\r\n") + "\r\n\r\n" + body])
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            Loopback.thread { self.serve(client) }
        }
    }

    private func serve(_ client: Int32) {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
            guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: received[..<end.upperBound], as: UTF8.self)
            let length = head.firstMatch(of: /[Cc]ontent-[Ll]ength: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
            guard received.count >= end.upperBound + length else { continue }
            let request = String(decoding: received, as: UTF8.self)
            received = []
            let number = seen.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            let answer = answers[min(number, answers.count - 1)]
            guard Loopback.sendAll(Array(answer.utf8)[...], to: client), !closesAfterAnswer else { break }
        }
        shutdown(client, Int32(SHUT_RDWR))
        close(client)
    }
}

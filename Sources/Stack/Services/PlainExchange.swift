import Dispatch
import Glibc

/// One question and its answer over a fresh loopback connection.
enum PlainExchange {
    static func get(port: Int, _ path: String, timeout: Duration) async throws -> String {
        let request = "GET \(path) HTTP/1.0\r\nHost: 127.0.0.1:\(port)\r\nAccept: */*\r\n\r\n"
        let answer = try await ask(port: port, Array(request.utf8), timeout: timeout) { _ in false }
        guard answer.prefix(16).contains(" 20") else {
            throw StackError(what: "GET \(path) was answered by \(answer.prefix(200))")
        }
        return answer
    }

    static func ask(
        port: Int, _ question: [UInt8], timeout: Duration, until isWhole: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try exchange(port, question, timeout, isWhole) })
            }
        }
    }

    private static func exchange(
        _ port: Int, _ question: [UInt8], _ timeout: Duration, _ isWhole: ([UInt8]) -> Bool
    ) throws -> String {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(file) }
        var limit = timeval(tv_sec: max(1, Int(timeout.components.seconds)), tv_usec: 0)
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw StackError(what: "nobody listens on port \(port)") }
        _ = question.withUnsafeBytes { send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while !isWhole(answer) {
            let count = recv(file, &chunk, chunk.count, 0)
            guard count >= 0 else { throw StackError(what: "no answer on port \(port) within \(timeout)") }
            if count == 0 { break }
            answer += chunk[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}

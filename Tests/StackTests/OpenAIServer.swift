import Foundation
import FoundationNetworking
import Stack
import Synchronization
import Testing

/// A stand-in on a free port, for the time of a test.
struct OpenAIServer {
    let port: Int

    var url: String { "http://127.0.0.1:\(port)" }

    static func serving<Result: Sendable>(
        keys: Set<String> = ["test"], _ body: @escaping @Sendable (OpenAIServer) async throws -> Result
    ) async throws -> Result {
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                defer { ready.finish() }
                try await OpenAIStandIn.run(port: 0, keys: keys) { ready.yield($0) }
                return nil
            }
            group.addTask {
                guard let port = await ports.first(where: { _ in true }) else { return nil }
                return try await body(OpenAIServer(port: port))
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw StandInEnded()
        }
    }

    struct StandInEnded: Error {}

    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: Data

        var object: [String: Any] { (try? JSONSerialization.jsonObject(with: body) as? [String: Any]) ?? [:] }
        var error: [String: Any] { object["error"] as? [String: Any] ?? [:] }
        /// Vectors by their index, from either encoding.
        var vectors: [[Float]] {
            (object["data"] as? [[String: Any]] ?? []).sorted { $0["index"] as? Int ?? -1 < $1["index"] as? Int ?? -1 }
                .map { Self.vector($0["embedding"] as Any) }
        }
        var tokens: Int? { (object["usage"] as? [String: Any])?["total_tokens"] as? Int }

        private static func vector(_ value: Any) -> [Float] {
            if let numbers = value as? [Double] { return numbers.map(Float.init) }
            guard let text = value as? String, let data = Data(base64Encoded: text) else { return [] }
            return stride(from: 0, to: data.count, by: 4).map { offset in
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) }
                return Float(bitPattern: bits)
            }
        }
    }

    func send(
        _ method: String = "POST", _ path: String = "/v1/embeddings", _ body: String? = nil, key: String? = "test",
        type: String = "application/json"
    ) async throws -> Answer {
        var request = URLRequest(url: URL(string: url + path)!)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.utf8) }
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        if body != nil { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let http = try #require(response as? HTTPURLResponse)
        let headers = http.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
        return Answer(
            status: http.statusCode, headers: Dictionary(headers, uniquingKeysWith: { $1 }), body: data)
    }
}

import Foundation
import HTTPTypes
import Hummingbird

/// Answers every request of the stand-in: routes, keys, and the headers that each answer carries.
struct OpenAIResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    private static let bodyMax = 25 << 20

    /// Keys that are accepted besides those that begin with `sk-`.
    let keys: Set<String>

    func respond(to request: Request, context: Context) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do throws(OpenAIRefusal) {
            response = try await answer(request)
        } catch {
            response = Response(
                status: error.status, headers: [.contentType: "application/json; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: error.body)))
        }
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        Self.set("openai-processing-ms", "\(Int(milliseconds.rounded(.up)))", in: &response)
        Self.set("openai-version", "2020-10-01", in: &response)
        Self.set("x-request-id", "req_" + Self.requestID(), in: &response)
        return response
    }

    private func answer(_ request: Request) async throws(OpenAIRefusal) -> Response {
        let path = request.uri.path
        let method = request.method.rawValue
        // The real API looks at the key before it looks at the rest.
        try authorise(request.headers[.authorization])
        switch (path, method) {
        case ("/v1/embeddings", "POST"): return try await embeddings(request)
        case ("/v1/models", "GET"): return models()
        case (_, "GET") where path.hasPrefix("/v1/models/"): return try model(String(path.dropFirst(11)))
        case ("/v1/embeddings", _), ("/v1/models", _): throw .wrongMethod(method, path)
        default: throw .unknownRoute(method, path)
        }
    }

    private func authorise(_ header: String?) throws(OpenAIRefusal) {
        let parts = (header ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw .missingKey }
        let key = String(parts[1])
        guard !key.contains("invalid"), key.hasPrefix("sk-") || keys.contains(key) else { throw .incorrectKey(key) }
    }

    private func embeddings(_ request: Request) async throws(OpenAIRefusal) -> Response {
        // With any other type the real API sees no parameters at all.
        let isJSON = request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true
        guard isJSON else { throw .noModel }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.bodyMax)
        } catch {
            throw .tooLarge(limit: Self.bodyMax)
        }
        let asked = try EmbeddingsRequest(json: Data(body.readableBytesView))
        var response = json(EmbeddingsResponse(request: asked).body)
        Self.set("openai-model", asked.model.id, in: &response)
        for (name, value) in OpenAIQuota.headers(tokens: asked.tokens) { Self.set(name, value, in: &response) }
        return response
    }

    private func models() -> Response {
        let list = EmbeddingModel.all.map(\.json).joined(separator: ",")
        return json(ByteBuffer(string: #"{"object":"list","data":[\#(list)]}"#))
    }

    private func model(_ id: String) throws(OpenAIRefusal) -> Response {
        guard let model = EmbeddingModel.named(id) else { throw .unknownModel(id) }
        return json(ByteBuffer(string: model.json))
    }

    private func json(_ body: ByteBuffer) -> Response {
        Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
    }

    private static func set(_ name: String, _ value: String, in response: inout Response) {
        response.headers[HTTPField.Name(name)!] = value
    }

    private static func requestID() -> String {
        let number = UInt128.random(in: .min ... .max)
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

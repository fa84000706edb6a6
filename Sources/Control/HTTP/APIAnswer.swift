import HTTPTypes
import Hummingbird
import Stores

/// What an API answers.
struct APIAnswer: Sendable {
    var status: Int
    var type: String? = "application/json"
    var body: [UInt8] = []
    /// The methods that there are, where the request has another.
    var allow: String?
    /// In place of a body, what writes one until it is done or its reader has left.
    var stream: ResponseBody?

    static func json(_ value: JSON, status: Int = 200) -> APIAnswer { APIAnswer(status: status, body: value.bytes) }
    static func text(_ text: String, status: Int) -> APIAnswer {
        APIAnswer(status: status, type: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
    static let done = APIAnswer(status: 204, type: nil)

    var response: Response {
        var headers = HTTPFields()
        if let type { headers[.contentType] = type }
        if let allow { headers[.allow] = allow }
        if let stream {
            headers[.cacheControl] = "no-store"
            return Response(status: .init(code: status), headers: headers, body: stream)
        }
        let content = body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        return Response(status: .init(code: status), headers: headers, body: content)
    }
}

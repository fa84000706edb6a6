extension HTTPHeadParser {
    package static func headers(_ bytes: RawSpan) -> [Reply.Header] { [] }
}
extension HTTPReplyRenderer {
    package static func render(
        _ reply: Reply, dialect: any HTTPDialect.Type, answering method: String, closes: Bool
    ) -> (bytes: [UInt8], status: Int)? {
        switch reply {
        case .http(let status, let headers, let body):
            (
                render(
                    status: status, headers: headers, body: body, dialect: dialect, answering: method, closes: closes),
                status
            )
        case .refusal(.retryable):
            (render(status: 503, headers: [], body: nil, dialect: dialect, answering: method, closes: closes), 503)
        case .refusal(.permanent):
            (render(status: 403, headers: [], body: nil, dialect: dialect, answering: method, closes: closes), 403)
        case .sql: nil
        }
    }
}

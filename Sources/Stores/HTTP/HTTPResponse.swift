/// The answer to one HTTP request, whatever its status.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// In the order of arrival; names as sent.
    package var headers: [(name: String, value: String)]
    /// Empty when the body went to a file.
    package var body: [UInt8]
    /// Bytes of the body, wherever it went.
    package var bodyBytes: Int

    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8], bodyBytes: Int) {
        self.status = status
        self.headers = headers
        self.body = body
        self.bodyBytes = bodyBytes
    }

    /// The first value of a header; names are compared without case.
    package subscript(header name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    package var isSuccess: Bool { (200..<300).contains(status) }
    package var text: String { String(decoding: body, as: UTF8.self) }
}

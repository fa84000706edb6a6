import Testing
import Wire

/// Answers in the service's place are whole messages, worded as the service words them.
struct HTTPReplyRendererTests {
    private func rendered(
        _ status: Int, _ headers: [Reply.Header] = [], body: String? = nil, of service: Service? = nil,
        answering method: String = "GET", closes: Bool = false
    ) -> [UInt8] {
        HTTPReplyRenderer.render(
            status: status, headers: headers, body: body, dialect: HTTPDialects.of(service), answering: method,
            closes: closes)
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "~")
    }

    @Test func aBodyOfOnesOwn() {
        #expect(
            text(rendered(503, [Reply.Header("Retry-After", "2")], body: "é"))
                == "HTTP/1.1 503 Service Unavailable~Retry-After: 2~Content-Length: 2~~é")
    }

    @Test func anAnswerToHeadHasALengthAndNoBody() {
        #expect(
            text(rendered(404, body: "gone", answering: "HEAD")) == "HTTP/1.1 404 Not Found~Content-Length: 4~~")
    }

    @Test(arguments: [204, 304]) func someStatusesHaveNeither(status: Int) {
        let answer = text(rendered(status, body: "x"))
        #expect(!answer.contains("Content-Length"))
        #expect(answer.hasSuffix("~~"))
    }

    @Test func headersGivenAreNotDoubled() {
        let headers = [
            Reply.Header("content-type", "text/odd"), Reply.Header("content-length", "3"),
            Reply.Header("CONNECTION", "keep-alive"),
        ]
        #expect(
            text(rendered(500, headers, closes: true)).hasPrefix(
                "HTTP/1.1 500 Internal Server Error~content-type: text/odd~content-length: 3~CONNECTION: keep-alive~~"))
    }

    @Test func closing() {
        #expect(
            text(rendered(200, body: "", closes: true)) == "HTTP/1.1 200 OK~Content-Length: 0~Connection: close~~")
    }

    @Test func aSuccessSaysNothingByItself() {
        #expect(text(rendered(200, of: .s3)) == "HTTP/1.1 200 OK~Content-Length: 0~~")
    }

    @Test func anUnknownStatusStillHasAReason() {
        #expect(text(rendered(599, body: "")).hasPrefix("HTTP/1.1 599 Status 599~"))
    }

    @Test(arguments: [
        (
            Service.s3, 503, "application/xml",
            "<Code>SlowDown</Code><Message>Please reduce your request rate.</Message>"
        ),
        (.s3, 404, "application/xml", "<Code>NoSuchKey</Code>"),
        (.s3, 500, "application/xml", "<Code>InternalError</Code>"),
        (.s3, 412, "application/xml", "<Code>PreconditionFailed</Code>"),
        (.s3, 416, "application/xml", "<Code>InvalidRange</Code>"),
        (.qdrant, 409, "application/json", "already exists!"),
        (.qdrant, 507, "application/json", "No space left on device"),
        (.openai, 403, "application/json", #""code":"unsupported_country_region_territory""#),
        (.openai, 429, "application/json", #""type":"requests","param":null,"code":"rate_limit_exceeded""#),
        (.openai, 500, "application/json", #""type":"server_error","param":null,"code":null"#),
        (.qdrant, 429, "application/json", #"{"status":{"error":"Rate limiting exceeded: "#),
        (.qdrant, 500, "application/json", #"{"status":{"error":"Service internal error: "#),
        (.temporal, 502, "text/plain; charset=utf-8", "502 Bad Gateway\n"),
    ]) func errorsAreInTheServicesWords(service: Service, status: Int, type: String, part: String) {
        let answer = text(rendered(status, of: service))
        #expect(answer.contains("~Content-Type: \(type)~"))
        #expect(answer.contains(part))
    }

    @Test(
        arguments: [
            ("GetObject", "NoSuchKey"), ("", "NoSuchKey"), ("PutObjectTagging", "NoSuchKey"),
            ("ListObjectsV2", "NoSuchBucket"), ("HeadBucket", "NoSuchBucket"), ("UploadPart", "NoSuchUpload"),
        ]) func whatS3MissesIsWhatWasAskedFor(operation: String, code: String) throws
    {
        let reply = Reply.http(status: 404, headers: [], body: nil)
        let answer = try #require(
            HTTPReplyRenderer.render(
                reply, dialect: HTTPDialects.of(.s3), answering: "GET", operation: operation, closes: false))
        #expect(text(answer.bytes).contains("<Code>\(code)</Code>"))
    }

    @Test func errorsHaveTheHeadersOfTheService() {
        let s3 = text(rendered(503, of: .s3))
        #expect(s3.contains("~x-amz-request-id: FAULTLINE0000000~x-amz-id-2: "))
        #expect(s3.contains("<RequestId>FAULTLINE0000000</RequestId>"))
        #expect(text(rendered(500, of: .openai)).contains("~x-request-id: req_"))
        let own = text(rendered(500, [Reply.Header("X-Request-Id", "mine")], of: .openai))
        #expect(own.contains("~X-Request-Id: mine~"))
        #expect(!own.contains("req_"))
        #expect(!text(rendered(200, of: .s3)).contains("x-amz"))
    }

    @Test(arguments: [Service.s3, .openai, .qdrant, .redis], [200, 204, 400, 404, 418, 429, 500, 503])
    func everyAnswerIsOneMessage(
        service: Service, status: Int
    ) {
        for (method, closes) in [("GET", false), ("HEAD", false), ("POST", true)] {
            let bytes = rendered(status, of: service, answering: method, closes: closes)
            var transcript = Transcript(.response, methods: [method])
            transcript.feed(bytes, cutAt: [])
            #expect(transcript.lines.count == 1)
            #expect(transcript.lines.first?.hasPrefix("\(status) [") == true)
            #expect(transcript.decoder.isBetweenMessages, "the answer does not end where its length says")
            #expect(transcript.taken == bytes.count)
        }
    }
}

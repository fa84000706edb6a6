import Faults
import Testing
import Wire

/// Faults of HTTP, and of the services that speak it.
struct HTTPFaultTests {
    private let request = Message(direction: .request, operation: "GetObject")
    private let answer = Message(direction: .response, operation: "GetObject", status: 200, bodyBytes: 100)
    private let vectors = Message(direction: .response, operation: "embeddings", status: 200)

    private func refusal(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:], on link: String = "s3"
    ) -> String {
        Yaml.refusal { () throws(SpecError) in try Yaml.window(on: link, inject: kind, options) }
    }

    @Test func setHeader() throws {
        let window = try Yaml.window(inject: "set-header", ["name": "Content-Type", "value": "binary/octet-stream"])
        let edit = HeadEdit.setHeader("Content-Type", to: "binary/octet-stream")
        #expect(Asking.decision(window, on: answer).edits == [edit])
        #expect(Asking.decision(window, on: request).isUntouched)
        #expect(
            refusal("set-header", ["name": "Transfer-Encoding", "value": "x"])
                .contains("which frames the message"))
        #expect(refusal("set-header", ["name": "a b", "value": "x"]).contains("must be a header's name, not 'a b'"))
        #expect(refusal("set-header", ["name": "a", "value": "x\r\nb: c"]).contains("must be a header's value"))
    }

    @Test func malformedBody() throws {
        let window = try Yaml.window(inject: "malformed-body", ["up-to": "50B"])
        #expect(Asking.intent(window, on: answer) == .rewrite(.malform, upTo: 50))
        var empty = answer
        empty.bodyBytes = 0
        #expect(Asking.intent(window, on: empty) == nil)
        let plain = try Yaml.window(inject: "malformed-body")
        #expect(Asking.intent(plain, on: answer) == .rewrite(.malform, upTo: 4 << 20))
    }

    @Test(arguments: [("10B", 10), ("-10B", -10), ("-100B", -100), ("1KiB", 1024)])
    func wrongLength(by: String, bytes: Int) throws {
        let window = try Yaml.window(inject: "wrong-length", ["by": by])
        #expect(Asking.intent(window, on: answer) == .misframe(by: bytes))
        #expect(Asking.decision(window, on: answer).isFinal)
    }

    @Test func aLengthThatCannotBeWrong() throws {
        let shorter = try Yaml.window(inject: "wrong-length", ["by": "-101B"])
        #expect(Asking.intent(shorter, on: answer) == nil)
        let longer = try Yaml.window(inject: "wrong-length", ["by": "1B"])
        for length in [nil, 0] {
            var message = answer
            message.bodyBytes = length
            #expect(Asking.intent(longer, on: message) == nil)
        }
        #expect(refusal("wrong-length", ["by": "0B"]).contains("is no difference at all"))
        #expect(refusal("wrong-length", ["by": "10"]).contains("has no unit: '10'"))
        #expect(refusal("wrong-length", ["by": "--10B"]).contains("must be a size"))
    }

    @Test func errorsOfS3() throws {
        let refused = Reply.http(status: 500, headers: [], body: nil)
        let table: [(String, KeyValuePairs<String, String>, Intent)] = [
            ("slow-down", [:], .reply(.http(status: 503, headers: [], body: nil))),
            ("internal-error", [:], .reply(refused)),
            ("internal-error", ["applied": "false"], .reply(refused)),
            ("internal-error", ["applied": "true"], .replyAfter(refused)),
        ]
        for (kind, options, intent) in table {
            let window = try Yaml.window(inject: kind, options)
            #expect(Asking.intent(window, on: request) == intent)
            #expect(Asking.intent(window, on: answer) == nil)
        }
    }

    @Test func aQuotaThatIsSpent() throws {
        let window = try Yaml.window(on: "openai", inject: "insufficient-quota")
        guard case .reply(.http(429, let headers, let body?)) = Asking.intent(window, on: request) else {
            Issue.record("it is no answer of the right kind")
            return
        }
        #expect(headers == [Reply.Header("Content-Type", "application/json")])
        #expect(body.hasPrefix(#"{"error":{"message":"You exceeded your current quota"#))
        #expect(body.hasSuffix(#""type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"#))
    }

    @Test(
        arguments: [
            ("reorder-embeddings", [:], .reorderEmbeddings, 4 << 20), ("drop-embedding", [:], .dropEmbedding, 4 << 20),
            ("wrong-dimensions", ["dimensions": "512"], .resizeEmbeddings(dimensions: 512), 4 << 20),
            ("drop-embedding", ["up-to": "1KiB"], .dropEmbedding, 1024),
        ] as [(String, KeyValuePairs<String, String>, BodyEdit, Int)])
    func embeddings(kind: String, options: KeyValuePairs<String, String>, edit: BodyEdit, upTo: Int) throws {
        let window = try Yaml.window(on: "openai", inject: kind, options)
        #expect(Asking.intent(window, on: vectors) == .rewrite(edit, upTo: upTo))
        var chat = vectors
        chat.operation = "chat.completions"
        var error = vectors
        error.status = 429
        var asking = vectors
        asking.direction = .request
        for other in [chat, error, asking] { #expect(Asking.intent(window, on: other) == nil) }
        // Who names an operation means it.
        let named = try Yaml.window(on: "openai", when: [("operation", "chat.*")], inject: kind, options)
        #expect(Asking.intent(named, on: chat) == .rewrite(edit, upTo: upTo))
        #expect(Asking.intent(named, on: vectors) == nil)
    }
}

import Testing
import Wire

struct HTTPBodyEditorTests {
    private static let json =
        #"{"object":"list","data":[{"index":0,"embedding":[0.5,-1e-3],"note":"a]}\"{"},"#
        + #" {"embedding":[1,2],"index":1},{"index":2,"embedding":[3,4]}],"usage":{"data":[1]}}"#

    private func edited(
        _ edits: [BodyEdit], _ body: String, headers: String = "Content-Type: application/json\r\n"
    ) -> (head: String, body: String)? {
        let head = Array("HTTP/1.1 200 OK\r\n\(headers)\r\n".utf8)
        let bytes = Array(body.utf8)
        guard let whole = HTTPBodyEditor.apply(edits, toHead: head.span.bytes, body: bytes.span.bytes) else {
            return nil
        }
        let text = String(decoding: whole, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        return (String(text[..<end.lowerBound]), String(text[end.upperBound...]))
    }

    @Test func vectorsComeInAnotherOrderWithTheirNumbers() throws {
        let found = try #require(edited([.reorderEmbeddings], Self.json))
        #expect(
            found.body == #"{"object":"list","data":[{"embedding":[1,2],"index":1}, {"index":2,"embedding":[3,4]},"#
                + #"{"index":0,"embedding":[0.5,-1e-3],"note":"a]}\"{"}],"usage":{"data":[1]}}"#)
        #expect(found.head.contains("Content-Length: \(found.body.utf8.count)"))
        #expect(found.head.hasSuffix("Content-Type: application/json"))
    }

    @Test func theVectorInTheMiddleIsMissing() throws {
        let found = try #require(edited([.dropEmbedding], Self.json))
        #expect(found.body.contains(#""note":"a]}\"{"},{"index":2"#) || found.body.contains(#"{"},{"index":2"#))
        #expect(!found.body.contains("[1,2]"))
        let two = #"{"data":[{"embedding":[1]},{"embedding":[2]}]}"#
        #expect(edited([.dropEmbedding], two)?.body == #"{"data":[{"embedding":[1]}]}"#)
    }

    @Test(arguments: [(1, "[0.5]"), (4, "[0.5,-1e-3,0,0]"), (0, "[]")])
    func vectorsHaveOtherDimensions(dimensions: Int, first: String) throws {
        let found = try #require(edited([.resizeEmbeddings(dimensions: dimensions)], Self.json))
        #expect(found.body.contains(#""index":0,"embedding":\#(first),"#))
    }

    /// 1.0 and 2.0 as little-endian floats; a slash may be escaped.
    @Test(arguments: [(1, "AACAPw=="), (3, "AACAPwAAAEAAAAAA")])
    func vectorsInBase64HaveOtherDimensions(dimensions: Int, text: String) throws {
        let body = #"{"data":[{"embedding":"AACAPwAAAEA="}]}"#
        let found = try #require(edited([.resizeEmbeddings(dimensions: dimensions)], body))
        #expect(found.body == #"{"data":[{"embedding":"\#(text)"}]}"#)
    }

    @Test func theChunksOfABodyAreJoined() throws {
        let chunked = "5;x=y\r\n{\"a\":\r\n3\r\n12}\r\n0\r\nTrailer-One: x\r\n\r\n"
        let found = try #require(
            edited([.malform], chunked, headers: "Transfer-Encoding: chunked\r\nTrailer: Trailer-One\r\n"))
        #expect(found.body == #"{"a""#)
        #expect(found.head == "HTTP/1.1 200 OK\r\nContent-Length: 4")
    }

    @Test(arguments: [
        ([BodyEdit.malform], "plain text", ""), ([.malform], "", ""), ([.malform], "{}", "Content-Encoding: gzip\r\n"),
        ([.reorderEmbeddings], "[1,2]", ""), ([.reorderEmbeddings], #"{"data":[{"embedding":[1]}]}"#, ""),
        ([.dropEmbedding], #"{"data":[{"embedding":[1]}]}"#, ""),
        ([.dropEmbedding], #"{"data":[{"x":1},{"x":2}]}"#, ""),
        ([.resizeEmbeddings(dimensions: 1)], #"{"data":[{"embedding":[1]}]}"#, ""),
        ([.resizeEmbeddings(dimensions: 1)], #"{"data":[{"embedding":"?"}]}"#, ""),
        ([.reorderEmbeddings], #"{"data":[{"embedding":[1]},{"embedding":[1]}"#, ""),
    ])
    func whatIsOfAnotherKindIsLeftAlone(edits: [BodyEdit], body: String, headers: String) {
        #expect(edited(edits, body, headers: headers) == nil)
    }

    /// No text, however it nests or ends, is more than it can take.
    @Test func deepAndBrokenTextsAreNoKindOfIts() {
        let deep = #"{"data":"# + String(repeating: "[", count: 1_000_000)
        #expect(edited([.dropEmbedding], deep) == nil)
        for length in 0..<Self.json.utf8.count {
            #expect(edited([.dropEmbedding], String(Self.json.prefix(length))) == nil)
        }
    }
}

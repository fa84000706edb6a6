import Testing
import Wire

/// Answers of RFC 9112: where they end depends on what they answer.
struct HTTPAnswerDecoderTests {
    static let cases: [DecoderCase] = [
        .answers("a fixed body", to: "GET", is: "HTTP/1.1 200 OK~Content-Length: 5~~hello", ["200 [hello]"]),
        .answers("no reason", to: "GET", is: "HTTP/1.1 200~Content-Length: 1~~x", ["200 [x]"]),
        .answers("a long reason", to: "GET", is: "HTTP/1.1 503 Slow Down : x~Content-Length: 0~~", ["503 []"]),
        .answers(
            "a pipeline", to: "GET", "POST", "GET",
            is:
                "HTTP/1.1 200 OK~Content-Length: 1~~aHTTP/1.1 404 N~Content-Length: 0~~HTTP/1.1 200 OK~Content-Length: 2~~bc",
            ["200 [a]", "404 []", "200 [bc]"]),
        .answers(
            "HEAD, then GET", to: "HEAD", "GET",
            is: "HTTP/1.1 200 OK~Content-Length: 500~~HTTP/1.1 200 OK~Content-Length: 1~~a", ["200 []", "200 [a]"]),
        .answers(
            "a chunked answer to HEAD", to: "HEAD", "GET",
            is: "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~HTTP/1.1 200 OK~Content-Length: 1~~a",
            ["200 []", "200 [a]"]),
        .answers(
            "100 and then the answer", to: "PUT",
            is: "HTTP/1.1 100 Continue~~HTTP/1.1 201 Created~Content-Length: 2~~ok", ["100 []", "201 [ok]"]),
        .answers(
            "several 1xx to HEAD", to: "HEAD", "GET",
            is: "HTTP/1.1 100 C~~HTTP/1.1 103 H~Link: x~~HTTP/1.1 200 K~Content-Length: 9~~HTTP/1.1 204 N~~",
            ["100 []", "103 []", "200 []", "204 []"]),
        .answers(
            "204 with a length", to: "DELETE", "GET",
            is: "HTTP/1.1 204 No Content~Content-Length: 4~~HTTP/1.1 200 OK~Content-Length: 1~~a",
            ["204 []", "200 [a]"]),
        .answers(
            "304 with a length", to: "GET", "GET",
            is: "HTTP/1.1 304 Not Modified~Content-Length: 4~~HTTP/1.1 200 OK~Content-Length: 1~~a",
            ["304 []", "200 [a]"]),
        .answers("until the connection ends", to: "GET", is: "HTTP/1.1 200 OK~~all~of~it", ["200 [all~of~it..."]),
        .answers("HTTP/1.0 until the end", to: "GET", is: "HTTP/1.0 200 OK~~x", ["200 [x..."]),
        .answers(
            "chunked with extensions and trailers", to: "GET", "GET",
            is: "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2;a=b~ab~0~T: v~~HTTP/1.1 204 N~~",
            ["200 [2;a=b~ab~0~T: v~~]", "204 []"]),
        .answers(
            "a coding that isn't chunked", to: "GET",
            is: "HTTP/1.1 200 OK~Content-Length: 1~Transfer-Encoding: chunked, gzip~~all of it",
            ["200 [all of it..."]),
        .answers(
            "chunked outranks a length", to: "GET", "GET",
            is: "HTTP/1.1 200 OK~Transfer-Encoding: chunked~Content-Length: 2~~1~a~0~~HTTP/1.1 204 N~~",
            ["200 [1~a~0~~]", "204 []"]),
        .answers(
            "a tunnel after CONNECT", to: "CONNECT", is: "HTTP/1.1 200 OK~Content-Length: 3~~\u{16}\u{3}HTTP/1.1 x~~",
            ["200 []", "tunnel [\u{16}\u{3}HTTP/1.1 x~~]"]),
        .answers(
            "a refused CONNECT", to: "CONNECT", "GET",
            is: "HTTP/1.1 407 P~Content-Length: 2~~noHTTP/1.1 204 N~~", ["407 [no]", "204 []"]),
        .answers(
            "an upgrade", to: "GET", is: "HTTP/1.1 101 Switching~Connection: upgrade~Upgrade: ws~~\u{1}frames",
            ["101 []", "tunnel [\u{1}frames]"]),
        .answers(
            "the same length twice", to: "GET", is: "HTTP/1.1 200 OK~Content-Length: 1~Content-Length: 1~~a",
            ["200 [a]"]),
        .answers(
            "lengths that differ", to: "GET", is: "HTTP/1.1 200 OK~Content-Length: 1~Content-Length: 2~~a",
            ["! two Content-Lengths that differ"]),
        .answers(
            "a negative length", to: "GET", is: "HTTP/1.1 200 OK~Content-Length: -7~~",
            ["! a Content-Length that is no number"]),
        .answers("an unfinished status", to: "GET", is: "HTTP/1.1 20~~", ["! a status line without a status"]),
        .answers("a status of letters", to: "GET", is: "HTTP/1.1 two~~", ["! a status line without a status"]),
        .answers(
            "a request where an answer is due", to: "GET", is: "GET / HTTP/1.1~",
            ["! an answer that doesn't begin with HTTP/"]),
        .answers("another protocol", to: "GET", is: "+OK redis~", ["! an answer that doesn't begin with HTTP/"]),
        .answers("zeros", to: "GET", is: "\u{0}\u{0}\u{0}", ["! a first byte that no head begins with"]),
    ]

    @Test(arguments: cases) func whole(_ example: DecoderCase) {
        var transcript = Transcript(example.direction, methods: example.methods)
        transcript.feed(example.bytes, cutAt: [])
        #expect(transcript.lines == example.expected)
    }

    @Test(arguments: cases) func whereverItIsCut(_ example: DecoderCase) { expectTheSameWhereverItIsCut(example) }

    @Test func onlyAnAnswerWithoutLengthEndsWithTheConnection() throws {
        var decoder = HTTPDecoder(.response)
        let counted = DecoderCase.encoded("HTTP/1.1 200 OK~Content-Length: 2~~")
        _ = try decoder.next(counted.span.bytes, answering: "GET")
        #expect(!decoder.endsWithConnection)
        #expect(!decoder.isBetweenMessages)
        decoder = HTTPDecoder(.response)
        let open = DecoderCase.encoded("HTTP/1.1 200 OK~~")
        _ = try decoder.next(open.span.bytes, answering: "GET")
        #expect(decoder.endsWithConnection)
        #expect(!decoder.isBetweenMessages)
    }
}

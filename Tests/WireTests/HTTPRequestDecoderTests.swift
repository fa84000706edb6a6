import Testing
import Wire

/// Requests of RFC 9112 and what stands in for them.
struct HTTPRequestDecoderTests {
    static let cases: [DecoderCase] = [
        .requests("no body", "GET /a HTTP/1.1~Host: h~~", "GET /a []"),
        .requests("bare line feeds", "GET /a HTTP/1.1\nHost: h\n\n", "GET /a []"),
        .requests("a fixed body", "POST /a HTTP/1.1~Content-Length: 5~~hello", "POST /a [hello]"),
        .requests("a length of zero", "POST /a HTTP/1.1~Content-Length: 0~~", "POST /a []"),
        .requests("a body cut short", "POST /a HTTP/1.1~Content-Length: 5~~hel", "POST /a [hel..."),
        .requests("an unfinished head", "GET /a HTTP/1.1~Host: h~"),
        .requests(
            "a pipeline", "POST /a HTTP/1.1~Content-Length: 2~~hiGET /b HTTP/1.1~~GET /c HTTP/1.0~~",
            "POST /a [hi]", "GET /b []", "GET /c []"),
        .requests(
            "chunked", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~3~abc~A~0123456789~0~~GET /b HTTP/1.1~~",
            "POST /a [3~abc~A~0123456789~0~~]", "GET /b []"),
        .requests(
            "chunk extensions", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~3;n=v;q=\"x\"~abc~0;last~~",
            "POST /a [3;n=v;q=\"x\"~abc~0;last~~]"),
        .requests(
            "trailers", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~1~a~0~Digest: x~More: y~~GET /b HTTP/1.1~~",
            "POST /a [1~a~0~Digest: x~More: y~~]", "GET /b []"),
        .requests(
            "sizes with leading zeros and both cases",
            "POST /a HTTP/1.1~TRANSFER-ENCODING: Chunked~~000a~0123456789~0~~",
            "POST /a [000a~0123456789~0~~]"),
        .requests(
            "chunked outranks a length",
            "POST /a HTTP/1.1~Content-Length: 99~Transfer-Encoding: gzip, chunked~~1~a~0~~", "POST /a [1~a~0~~]"),
        .requests(
            "a coding that isn't the last", "POST /a HTTP/1.1~Transfer-Encoding: chunked, gzip~~1~a~0~~",
            "! a Transfer-Encoding that tells no end of the request"),
        .requests(
            "a coding of a similar name", "POST /a HTTP/1.1~Content-Length: 1~Transfer-Encoding: xchunked~~a",
            "! a Transfer-Encoding that tells no end of the request"),
        .requests(
            "codings in two headers",
            "POST /a HTTP/1.1~Transfer-Encoding: gzip~Content-Length: 9~Transfer-Encoding: \tChunked ~~1~a~0~~",
            "POST /a [1~a~0~~]"),
        .requests(
            "a chunked header before one that is not",
            "POST /a HTTP/1.1~Transfer-Encoding: chunked~Transfer-Encoding: identity~~1~a~0~~",
            "! a Transfer-Encoding that tells no end of the request"),
        .requests(
            "a blank before the colon of a coding", "POST /a HTTP/1.1~Transfer-Encoding : chunked~~1~a~0~~",
            "! a header that frames the message, with a blank before its colon"),
        .requests(
            "a blank before the colon of a length", "POST /a HTTP/1.1~Content-Length\t: 1~~a",
            "! a header that frames the message, with a blank before its colon"),
        .requests("a blank before another colon", "GET /a HTTP/1.1~Accept : x~~", "GET /a []"),
        .requests(
            "a coding folded over two lines", "POST /a HTTP/1.1~Transfer-Encoding:~ chunked~~1~a~0~~",
            "! a header that frames the message, folded over two lines"),
        .requests(
            "a chunk size in another notation", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~0x10~~",
            "POST /a [...", "! a chunk size that is none"),
        .requests(
            "an extension behind blanks", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~1 ;x~a~0\t~~",
            "POST /a [1 ;x~a~0\t~~]"),
        .requests(
            "Expect and a body", "PUT /a HTTP/1.1~Expect: 100-continue~Content-Length: 2~~hiGET /b HTTP/1.1~~",
            "PUT /a [hi]", "GET /b []"),
        .requests(
            "chunks with bare line feeds", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~1\na\n0\n\n",
            "POST /a [1\na\n0\n\n]"),
        .requests(
            "a body that looks like requests",
            "POST /a HTTP/1.1~Content-Length: 19~~GET /x HTTP/1.1~~GET /b HTTP/1.1~~",
            "POST /a [GET /x HTTP/1.1~~]", "GET /b []"),
        .requests("an empty line before a request", "~GET /a HTTP/1.1~~", "GET /a []"),
        .requests("empty lines before a request", "~~~GET /a HTTP/1.1~~", "GET /a []"),
        .requests("bare empty lines before a request", "\n\nGET /a HTTP/1.1~~", "GET /a []"),
        .requests(
            "empty lines between requests", "POST /a HTTP/1.1~Content-Length: 1~~x~~GET /b HTTP/1.1~~",
            "POST /a [x]", "GET /b []"),
        .requests("the absolute form", "GET http://h:1/a?b=c HTTP/1.1~~", "GET http://h:1/a?b=c []"),
        .requests("a target with spaces", "GET /a b c HTTP/1.1~~", "GET /a b c []"),
        .requests("CONNECT", "CONNECT h:443 HTTP/1.1~Host: h~~", "CONNECT h:443 []"),
        .requests("an unknown method", "M-SEARCH * HTTP/1.1~~", "M-SEARCH * []"),
        .requests("the same length twice", "POST /a HTTP/1.1~Content-Length: 2~content-length: 2~~hi", "POST /a [hi]"),
        .requests("a length with blanks around", "POST /a HTTP/1.1~Content-Length: \t 2 ~~hi", "POST /a [hi]"),
        .requests(
            "a folded header", "POST /a HTTP/1.1~X-Long: one~ two~\tContent-Length three~Content-Length: 2~~hi",
            "POST /a [hi]"),
        .requests("a header of bytes", "GET /a HTTP/1.1~X: \u{FF}\u{E9}~~", "GET /a []"),
        .requests(
            "lengths that differ", "POST /a HTTP/1.1~Content-Length: 2~Content-Length: 3~~hi",
            "! two Content-Lengths that differ"),
        .requests(
            "a list of lengths", "POST /a HTTP/1.1~Content-Length: 2, 2~~hi", "! a Content-Length that is no number"),
        .requests("a negative length", "POST /a HTTP/1.1~Content-Length: -1~~", "! a Content-Length that is no number"),
        .requests("a signed length", "POST /a HTTP/1.1~Content-Length: +1~~a", "! a Content-Length that is no number"),
        .requests("no length", "POST /a HTTP/1.1~Content-Length: ~~", "! a Content-Length that is no number"),
        .requests(
            "a length beyond 64 bits", "POST /a HTTP/1.1~Content-Length: 99999999999999999999~~",
            "! a Content-Length that is no number"),
        .requests(
            "the largest length", "POST /a HTTP/1.1~Content-Length: 999999999999999999~~ab", "POST /a [ab..."),
        .requests(
            "a chunk size beyond 60 bits", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~1000000000000000~",
            "POST /a [...", "! a chunk size that is too large"),
        .requests(
            "the largest chunk size", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~FFFFFFFFFFFFFFF~ab",
            "POST /a [FFFFFFFFFFFFFFF~ab..."),
        .requests(
            "a chunk without a size", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~;x~",
            "POST /a [...", "! a chunk without a size"),
        .requests(
            "a negative chunk size", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~-1~a~",
            "POST /a [...", "! a chunk without a size"),
        .requests(
            "a chunk longer than it says", "POST /a HTTP/1.1~Transfer-Encoding: chunked~~1~ab~",
            "POST /a [...", "! a chunk longer than its size"),
        .requests(
            "damage after a good request", "GET /a HTTP/1.1~~nonsense~~",
            "GET /a []", "! a start line without a space"),
        .requests("a header without a colon", "GET /a HTTP/1.1~Host~~", "! a header line without a colon"),
        .requests(
            "a blank before the first header", "POST /a HTTP/1.1~ X: y~Content-Length: 2~~hi",
            "! a first header line that begins with a blank"),
        .requests("HTTP/0.9", "GET /a~~", "! a start line that is no request's and no answer's"),
        .requests(
            "the preface of HTTP/2", "PRI * HTTP/2.0~~SM~~", "! a start line that is no request's and no answer's"),
        .requests("an answer where a request is due", "HTTP/1.1 200 OK~~", "! a status line in the wrong direction"),
        .requests("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}", "! a first byte that no head begins with"),
        .requests("TLS after an empty line", "~\u{16}\u{3}\u{1}", "! a first byte that no head begins with"),
        .requests("a blank first", " GET /a HTTP/1.1~", "! a first byte that no head begins with"),
    ]

    @Test(arguments: cases) func whole(_ example: DecoderCase) {
        var transcript = Transcript(example.direction)
        transcript.feed(example.bytes, cutAt: [])
        #expect(transcript.lines == example.expected)
    }

    @Test(arguments: cases) func whereverItIsCut(_ example: DecoderCase) { expectTheSameWhereverItIsCut(example) }
}

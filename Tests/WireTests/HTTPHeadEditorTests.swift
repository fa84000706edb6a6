import Testing
import Wire

/// Edits change what they name and no other byte.
struct HTTPHeadEditorTests {
    private func edited(_ text: String, _ edits: HeadEdit...) -> String {
        let bytes = DecoderCase.encoded(text)
        let result = HTTPHeadEditor.apply(edits, to: bytes.span.bytes)
        return String(decoding: result, as: UTF8.self).replacing("\r\n", with: "~")
    }

    @Test(arguments: [
        ("whatever its case", "H~cOnTeNt-TyPe: x~B: c~~", "Content-Type", "H~B: c~~"),
        ("asked for in another case", "H~Content-Type: x~B: c~~", "CONTENT-type", "H~B: c~~"),
        ("every one of them", "H~A: 1~B: 2~a: 3~C: 4~A: 5~~", "A", "H~B: 2~C: 4~~"),
        ("the first", "H~A: 1~B: 2~~", "A", "H~B: 2~~"),
        ("the last", "H~A: 1~B: 2~~", "B", "H~A: 1~~"),
        ("the only one", "H~A: 1~~", "A", "H~~"),
        ("none", "H~A: 1~~", "C", "H~A: 1~~"),
        (
            "no longer name", "H~Content-Type-Options: 1~X-Content-Type: 2~~", "Content-Type",
            "H~Content-Type-Options: 1~X-Content-Type: 2~~"
        ),
        ("not from a value", "H~A: Content-Type: x~~", "Content-Type", "H~A: Content-Type: x~~"),
        ("an empty value", "H~A:~B: 1~~", "A", "H~B: 1~~"),
        ("with its folded lines", "H~A: 1~ more~\tmore~B: 2~~", "A", "H~B: 2~~"),
        ("not the folded lines of others", "H~A: 1~ B: 3~B: 2~~", "B", "H~A: 1~ B: 3~~"),
        ("bare line feeds", "H\nA: 1\nB: 2\n\n", "A", "H\nB: 2\n\n"),
        ("not the start line", "A:b c~A: 1~~", "A", "A:b c~~"),
        ("not the start line after an empty one", "~A:b c~A: 1~~", "A", "~A:b c~~"),
    ]) func removes(what: String, head: String, name: String, expected: String) {
        #expect(edited(head, .removeHeader(name)) == expected, "\(what)")
    }

    @Test(arguments: [
        ("a new one", "GET / HTTP/1.1~A: 1~~", "GET / HTTP/1.1~Host: h:1~A: 1~~"),
        ("in place of another", "GET / HTTP/1.1~A: 1~host: old~~", "GET / HTTP/1.1~Host: h:1~A: 1~~"),
        ("in place of several", "GET / HTTP/1.1~Host: x~A: 1~HOST: y~~", "GET / HTTP/1.1~Host: h:1~A: 1~~"),
        ("where there was none", "GET / HTTP/1.1~~", "GET / HTTP/1.1~Host: h:1~~"),
        ("after empty lines", "~~GET / HTTP/1.1~Host: x~~", "~~GET / HTTP/1.1~Host: h:1~~"),
    ]) func sets(what: String, head: String, expected: String) {
        #expect(edited(head, .setHeader("Host", to: "h:1")) == expected, "\(what)")
    }

    @Test func editsAreMadeInOrder() {
        #expect(edited("H~~", .setHeader("A", to: "1"), .removeHeader("a")) == "H~~")
        #expect(edited("H~A: 0~~", .removeHeader("a"), .setHeader("A", to: "1")) == "H~A: 1~~")
        #expect(edited("H~~", .setHeader("A", to: "1"), .setHeader("A", to: "2")) == "H~A: 2~~")
    }

    @Test func bytesThatAreNoTextStayAsTheyWere() {
        let head: [UInt8] = Array("HTTP/1.1 200 OK\r\nX: ".utf8) + [0xFF, 0xC3, 0x28] + Array("\r\nA: 1\r\n\r\n".utf8)
        let expected = Array(head.dropLast(8)) + Array("\r\n".utf8)
        #expect(HTTPHeadEditor.apply([.removeHeader("A")], to: head.span.bytes) == expected)
    }
}

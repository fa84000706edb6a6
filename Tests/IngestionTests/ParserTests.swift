import Ingestion
import Testing

struct ParserTests {
    private func text(_ source: String, _ format: DocumentFormat) throws -> String {
        try DocumentParser.parse(Array(source.utf8), as: format).text
    }

    @Test func html() throws {
        let page = """
            <html><HEAD><title>Rates &amp; terms</title><STYLE>p { color: red }</STYLE>
            <script>if (a < b) { document.write("<p>no</p>") }</script></head>
            <body><!-- <p>hidden</p> --><h1>Caf&eacute;</h1><p title="a > b">5 &lt; 6   and&nbsp;7 &#8364; &#x41;
            next</p><p>a<br>b</p><p>1 < 2 &unknown; &#0;</p></body></html>
            """
        let parsed = try DocumentParser.parse(Array(page.utf8), as: .html)
        #expect(parsed.title == "Rates & terms")
        let paragraphs = parsed.text.split(separator: "\n\n").map(String.init)
        let trimmed = paragraphs.map { $0.last == "\n" ? String($0.dropLast()) : $0 }
        #expect(trimmed == ["Café", "5 < 6 and 7 € A next", "a\nb", "1 < 2 &unknown; &#0;"])
    }

    @Test(arguments: ["<p", "<", "<script>x", "<p title='", "<!--", "&#", "&", "</", "<title>x"])
    func brokenHTMLStillEnds(_ source: String) throws {
        #expect(!(try text("before " + source, .html)).isEmpty)
    }

    @Test func markdown() throws {
        let source = "# Rates\n\n- **Fast** `lane`\n> quoted\n\n| a | b |\n|---|---|\n```\n# code\n```\n## Terms"
        let parsed = try DocumentParser.parse(Array(source.utf8), as: .md)
        #expect(parsed.title == "Rates")
        #expect(parsed.text.contains("Fast lane\nquoted\n"))
        #expect(parsed.text.contains("# code"))
        #expect(!parsed.text.contains("---") && !parsed.text.contains("**"))
    }

    @Test func csv() throws {
        let text = try text("name,remark\r\nHarbour,\"a, \"\"b\"\"\nc\"\r\n\r\nYard,\r\n", .csv)
        #expect(text == "name, remark\n\nname: Harbour; remark: a, \"b\"\nc\n\nname: Yard; \n")
    }

    @Test func json() throws {
        let source = #"{"b": "x\u00e9\ud83d\ude9a\n", "a": [1, -2.5e3, true, null], "c": {"d": "\ud800"}}"#
        let text = try text(source, .json)
        #expect(text == "b: xé🚚\n\na: 1\na: -2.5e3\na: true\na: null\n\nd: \u{FFFD}\n")
    }

    @Test(arguments: ["", "{", "{\"a\" 1}", "[1,]", "\"x", "nul", "1 2", "{\"a\":\"\\q\"}", "[\"\\u12\"]", "{a:1}"])
    func malformedJSON(_ source: String) {
        let error = #expect(throws: IngestionError.self) { try text(source, .json) }
        #expect(error?.kind == .malformedDocument)
        #expect(error?.isTransient == false)
    }

    @Test func deeplyNestedJSONIsRefused() {
        let source = String(repeating: "[", count: 100_000)
        #expect(throws: IngestionError.self) { try text(source, .json) }
    }

    @Test func invalidUTF8IsRepaired() throws {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF, 0x61, 0xFF, 0x00, 0x62, 0x0D, 0x0A, 0x63, 0xC3]
        #expect(try DocumentParser.parse(bytes, as: .txt).text == "a\u{FFFD}b\nc\u{FFFD}")
    }

    @Test(arguments: [("/tmp/x.docx", "'.docx'"), ("/tmp/a.b/download-1", "no extension"), ("/tmp/x.", "no extension")])
    func unsupportedFormats(_ path: String, _ reason: String) async {
        let error = await #expect(throws: IngestionError.self) { try await DocumentParser().parse(path: path) }
        #expect(error?.kind == .unsupportedFormat)
        #expect(error?.reason.contains(reason) == true)
        #expect(error?.isTransient == false)
    }

    @Test func emptyTextIsAnError() {
        for text in ["", " \n\t\n "] {
            let error = #expect(throws: IngestionError.self) {
                try DocumentParser.checked(ParsedDocument(format: .txt, text: text))
            }
            #expect(error?.kind == .emptyText)
        }
    }
}

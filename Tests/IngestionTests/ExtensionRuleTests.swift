import Ingestion
import Testing

struct ExtensionRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var header: String?
        var names: [String] = ["documents/7f3a"]
        var head = "some text"
        var expected: String?
        /// What the planted defect makes of it.
        var defective: String?

        var testDescription: String { "\(header ?? "no header"), \(names), \(head)" }
    }

    static let cases = [
        // The users' recorded bug: the header missing, or saying nothing.
        Case(header: nil, names: ["documents/report.pdf"], expected: "pdf", defective: nil),
        Case(header: "", names: ["documents/report.pdf"], expected: "pdf", defective: nil),
        Case(header: "binary/octet-stream", names: ["documents/report.md"], expected: "md", defective: nil),
        Case(header: "application/octet-stream", names: ["documents/report.html"], expected: "html", defective: nil),
        Case(header: "Application/Octet-Stream; x=y", names: ["a.csv"], expected: "csv", defective: nil),
        Case(header: nil, names: ["documents/7f3a"], head: "%PDF-1.7", expected: "pdf", defective: nil),
        Case(header: nil, names: ["documents/7f3a"], head: "\u{1}\u{2}", expected: nil, defective: nil),
        // Of a name that says nothing, the header tells, parameters and case aside.
        Case(header: "text/markdown", names: ["7f3a"], expected: "md", defective: "md"),
        // A name that a parser knows is believed before the header, and what begins as a PDF before both.
        Case(header: "text/plain", names: ["a.md"], expected: "md", defective: "txt"),
        Case(header: "application/pdf", names: ["a.csv"], expected: "csv", defective: "pdf"),
        Case(header: "text/plain", names: ["a.txt"], head: "%PDF-1.7", expected: "pdf", defective: "txt"),
        Case(header: "text/html; charset=utf-8", expected: "html", defective: "html"),
        Case(header: " TEXT/Markdown ;charset=utf-8", expected: "md", defective: "md"),
        Case(header: "application/json", expected: "json", defective: "json"),
        Case(header: "image/png", names: ["a.pdf"], expected: "pdf", defective: "png"),
        Case(header: "image/png", names: ["7f3a"], expected: "png", defective: "png"),
        Case(header: "application/x-unheard-of", names: ["a.txt"], expected: "txt", defective: nil),
        // Names.
        Case(header: nil, names: ["documents/7f3a", "upload.JSON"], expected: "json", defective: nil),
        Case(header: nil, names: ["some.pdf/7f3a"], expected: "txt", defective: nil),
        Case(header: nil, names: [".txt"], head: "", expected: nil, defective: nil),
        Case(header: nil, names: ["v1.final draft"], head: "", expected: nil, defective: nil),
        Case(header: nil, names: ["report.v2"], head: "%PDF-1.4", expected: "pdf", defective: nil),
        Case(header: nil, names: ["report.v2"], expected: "txt", defective: nil),
        Case(header: nil, names: ["report.v2"], head: "\u{0}", expected: "v2", defective: nil),
        // First bytes.
        Case(header: nil, head: "\u{FEFF} <!DOCTYPE html>", expected: "html", defective: nil),
        Case(header: "binary/octet-stream", head: "<HTML lang=en>", expected: "html", defective: nil),
        Case(header: nil, head: "{ \"a\": 1}", expected: "json", defective: nil),
        Case(header: nil, head: "[\n{", expected: "json", defective: nil),
        Case(header: nil, head: "[a link](to)", expected: "txt", defective: nil),
        Case(header: nil, head: "{curly}", expected: "txt", defective: nil),
        Case(header: nil, names: ["letter.docx"], head: "PK", expected: "docx", defective: nil),
    ]

    @Test(arguments: cases)
    func extensions(_ item: Case) {
        let head = Array(item.head.utf8)
        let right = NameThenHeaderThenContent()
        #expect(right.fileExtension(contentType: item.header, names: item.names, head: head) == item.expected)
        let defective = HeaderOnly()
        #expect(defective.fileExtension(contentType: item.header, names: item.names, head: head) == item.defective)
    }

    @Test func everyFormatIsFoundByItsContentType() {
        for format in DocumentFormat.allCases {
            let found = HeaderOnly().fileExtension(contentType: format.contentType, names: [], head: [])
            #expect(found == format.fileExtension)
        }
    }

    /// Each defect gets wrong what the right rule gets right.
    @Test func whatOtherDefectsMakeOfIt() {
        func guess(_ rule: any ExtensionRule, _ header: String?, _ name: String) -> String? {
            rule.fileExtension(contentType: header, names: [name], head: Array("text".utf8))
        }
        #expect(guess(HeaderUnlessGeneric(), "binary/octet-stream", "a.md") == nil)
        #expect(guess(HeaderUnlessGeneric(), "application/octet-stream", "a.md") == "md")
        #expect(guess(HeaderUnlessGeneric(), nil, "a.md") == "md")
        #expect(guess(GuessedFromType(), "application/octet-stream", "a.md") == "bin")
        #expect(guess(GuessedFromType(), "binary/octet-stream", "a.md") == "md")
        #expect(guess(HeaderBeforeName(), "application/pdf", "a.md") == "pdf")
        #expect(guess(HeaderBeforeName(), "application/octet-stream", "a.md") == "md")
        #expect(guess(LastPartOfName(), nil, "run/7f3a") == "7f3a")
        #expect(guess(LastPartOfName(), nil, "run/a.md") == "md")
        #expect(guess(LastPartOfName(), "text/csv", "run/7f3a") == "csv")
    }

    @Test func registryListsEveryDefectOnce() {
        #expect(Defect.registry.map(\.defect) == Defect.allCases)
        #expect(Defect.registry.allSatisfy { !$0.title.isEmpty && !$0.effect.isEmpty && !$0.caughtBy.isEmpty })
    }

    @Test func theDefectReplacesTheRule() {
        #expect(WorkerBehaviour().extensionRule is NameThenHeaderThenContent)
        #expect(WorkerBehaviour(defects: [.noExtensionFallback]).extensionRule is HeaderOnly)
    }
}

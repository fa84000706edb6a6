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
        Case(header: nil, names: ["documents/7f3a"], expected: nil, defective: nil),
        // A header that says something wins, parameters and case aside.
        Case(header: "text/plain", names: ["a.md"], expected: "txt", defective: "txt"),
        Case(header: "text/html; charset=utf-8", expected: "html", defective: "html"),
        Case(header: " TEXT/Markdown ;charset=utf-8", expected: "md", defective: "md"),
        Case(header: "application/json", expected: "json", defective: "json"),
        Case(header: "image/png", names: ["a.pdf"], expected: "png", defective: "png"),
        Case(header: "application/x-unheard-of", names: ["a.txt"], expected: "txt", defective: nil),
        // Names.
        Case(header: nil, names: ["documents/7f3a", "upload.JSON"], expected: "json", defective: nil),
        Case(header: nil, names: ["some.pdf/7f3a"], expected: nil, defective: nil),
        Case(header: nil, names: [".txt"], expected: nil, defective: nil),
        Case(header: nil, names: ["v1.final draft"], expected: nil, defective: nil),
        Case(header: nil, names: ["report.v2"], head: "%PDF-1.4", expected: "pdf", defective: nil),
        Case(header: nil, names: ["report.v2"], expected: "v2", defective: nil),
        Case(header: nil, names: ["letter.docx"], head: "PK", expected: "docx", defective: nil),
    ]

    @Test(arguments: cases)
    func extensions(_ item: Case) {
        let head = Array(item.head.utf8)
        let right = HeaderThenNameThenContent()
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

    @Test func registryListsEveryDefectOnce() {
        #expect(Defect.registry.map(\.defect) == Defect.allCases)
        #expect(Defect.registry.allSatisfy { !$0.title.isEmpty && !$0.effect.isEmpty && !$0.caughtBy.isEmpty })
    }

    @Test func theDefectReplacesTheRule() {
        #expect(WorkerBehaviour().extensionRule is HeaderThenNameThenContent)
        #expect(WorkerBehaviour(defects: [.noExtensionFallback]).extensionRule is HeaderOnly)
    }
}

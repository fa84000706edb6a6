import Consistency
import Experiments
import Foundation
import FoundationXML
import Reports
import Testing

@Suite struct JUnitTests {
    /// What the Jenkins schema asks for: which elements stand where, with which attributes.
    private final class Shape: NSObject, XMLParserDelegate {
        private static let inside = [
            "": ["testsuites"], "testsuites": ["testsuite"],
            "testsuite": ["properties", "testcase", "system-out", "system-err"], "properties": ["property"],
            "testcase": ["skipped", "error", "failure", "system-out", "system-err"],
        ]
        private static let attributes: [String: Set<String>] = [
            "testsuites": ["name", "time", "tests", "failures", "disabled", "errors"],
            "testsuite": [
                "name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id",
                "package",
            ],
            "property": ["name", "value"], "testcase": ["name", "assertions", "time", "classname", "status"],
            "failure": ["type", "message"], "error": ["type", "message"], "skipped": ["message"],
        ]
        private var path: [String] = []
        var faults: [String] = []
        var elements: [(name: String, attributes: [String: String])] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            if Self.inside[path.last ?? ""]?.contains(name) != true { faults.append("\(name) in \(path)") }
            let unknown = Set(attributes.keys).subtracting(Self.attributes[name] ?? [])
            if !unknown.isEmpty { faults.append("\(name) has \(unknown.sorted())") }
            elements.append((name, attributes))
            path.append(name)
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            path.removeLast()
        }
    }

    private func parsed(_ suites: [JUnitReport.Suite]) throws -> Shape {
        let shape = Shape()
        let parser = XMLParser(data: Data(JUnitReport(suites).xml.utf8))
        parser.delegate = shape
        try #require(parser.parse(), "\(String(describing: parser.parserError))")
        return shape
    }

    private func suite(_ sample: Sample) -> JUnitReport.Suite {
        JUnitReport.Suite(sample.result, folder: "runs/x", started: Sample.started)
    }

    @Test func everyStateHasItsElement() throws {
        let shape = try parsed([suite(.violated)])
        #expect(shape.faults == [])
        let root = try #require(shape.elements.first)
        #expect(root.attributes["tests"] == "5" && root.attributes["failures"] == "1")
        let names = shape.elements.map(\.name)
        #expect(names.count { $0 == "failure" } == 1)
        #expect(names.count { $0 == "error" } == 1)
        #expect(names.count { $0 == "skipped" } == 1)
        let error = try #require(shape.elements.first { $0.name == "error" })
        #expect(error.attributes["message"] == "inconclusive: no call hung")
        let suite = try #require(shape.elements.first { $0.name == "testsuite" })
        #expect(suite.attributes["timestamp"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) != nil)
    }

    @Test func whatProvesNothingIsAnErrorAlthoughNoCheckMinds() throws {
        var sample = Sample.empty
        sample.result.judgement.findings = []
        let shape = try parsed([suite(sample)])
        #expect(shape.faults == [])
        #expect(
            shape.elements.first { $0.name == "error" }?.attributes["message"]?.contains("no document was submitted")
                == true)
    }

    @Test func namesCannotBreakTheFile() throws {
        let shape = try parsed([
            suite(.stress),
            JUnitReport.Suite(failed: "a\u{1}\"<&>\n", seed: 1, reason: "]]>\u{0}", started: Sample.started),
        ])
        #expect(shape.faults == [])
        #expect(shape.elements.contains { $0.attributes["name"] == "a\u{FFFD}\"<&>\n (seed 1)" })
    }
}

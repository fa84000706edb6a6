package import Foundation

/// Runs as JUnit XML, in the shape that Jenkins and its kin read: a suite a run, a case a check.
package struct JUnitReport: Sendable {
    package struct Suite: Sendable {
        package var name: String
        package var started: Date
        package var seconds: Double
        package var properties: [(name: String, value: String)]
        package var cases: [Case]
        /// The verdict as text.
        package var output: String
    }

    package struct Case: Hashable, Sendable {
        package enum Outcome: Hashable, Sendable {
            case passed
            /// What was claimed is false.
            case failed(message: String, details: String)
            /// Nobody can tell.
            case errored(message: String)
            case skipped(message: String)
        }

        package var group: String
        package var name: String
        package var outcome: Outcome
    }

    package var suites: [Suite]

    package init(_ suites: [Suite]) { self.suites = suites }

    package var xml: String {
        let all = suites.flatMap(\.cases)
        let time = Self.seconds(suites.reduce(0) { $0 + $1.seconds })
        let lines =
            [
                #"<?xml version="1.0" encoding="UTF-8"?>"#,
                "<testsuites name=\"faultline\" \(Self.counts(all)) time=\"\(time)\">",
            ] + suites.flatMap(Self.lines) + ["</testsuites>"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ suite: Suite) -> [String] {
        // Of the common schema, which has no place for a time zone: UTC.
        let stamp = suite.started.formatted(.iso8601).replacing("Z", with: "")
        var lines = [
            "  <testsuite \(attribute("name", suite.name)) \(counts(suite.cases)) "
                + "skipped=\"\(suite.cases.count(where: \.isSkipped))\" time=\"\(seconds(suite.seconds))\" "
                + "timestamp=\"\(stamp)\">"
        ]
        if !suite.properties.isEmpty {
            lines.append("    <properties>")
            lines += suite.properties.map {
                "      <property \(attribute("name", $0.name)) \(attribute("value", $0.value))/>"
            }
            lines.append("    </properties>")
        }
        lines += suite.cases.map(line)
        lines.append("    <system-out>\(XMLText.escaped(suite.output))</system-out>")
        lines.append("  </testsuite>")
        return lines
    }

    private static func line(_ one: Case) -> String {
        let open = "    <testcase \(attribute("name", one.name)) \(attribute("classname", one.group)) time=\"0\""
        switch one.outcome {
        case .passed: return open + "/>"
        case .failed(let message, let details):
            return open + "><failure type=\"violated\" \(attribute("message", message))>"
                + "\(XMLText.escaped(details))</failure></testcase>"
        case .errored(let message):
            return open + "><error type=\"inconclusive\" \(attribute("message", message))/></testcase>"
        case .skipped(let message):
            return open + "><skipped \(attribute("message", message))/></testcase>"
        }
    }

    private static func attribute(_ name: StaticString, _ value: String) -> String {
        "\(name)=\"\(XMLText.attribute(value))\""
    }

    private static func counts(_ cases: [Case]) -> String {
        "tests=\"\(cases.count)\" failures=\"\(cases.count(where: \.isFailed))\" "
            + "errors=\"\(cases.count(where: \.isErrored))\""
    }

    private static func seconds(_ seconds: Double) -> String { String(format: "%.3f", seconds) }
}

extension JUnitReport.Case {
    fileprivate var isFailed: Bool { if case .failed = outcome { true } else { false } }
    fileprivate var isErrored: Bool { if case .errored = outcome { true } else { false } }
    fileprivate var isSkipped: Bool { if case .skipped = outcome { true } else { false } }

    /// It failed or nobody can tell.
    var isProblem: Bool { isFailed || isErrored }
}

import Experiments
import Faults
import Foundation
import Testing

/// From YAML to `SpecNode`: lines, aliases, and what is refused.
struct FilesYAMLTests {
    private func refusal(_ text: String) -> String {
        do throws(SpecError) {
            return "read as \(try YAMLFile.parse(text, file: "a.yaml"))"
        } catch {
            return error.description
        }
    }

    private func spec(_ text: String) throws -> Spec {
        try Spec(file: "a.yaml", root: YAMLFile.parse(text, file: "a.yaml"))
    }

    @Test func everyValueKnowsItsLine() throws {
        let root = try YAMLFile.parse(
            """
            # a comment
            name: x

            faults:
              - on: s3
                inject: { latency: {
                  delay: 5s } }
            """, file: "a.yaml")
        guard case .mapping(let top) = root.content, case .sequence(let faults) = top[1].node.content,
            case .mapping(let fault) = faults[0].content, case .mapping(let inject) = fault[1].node.content,
            case .mapping(let latency) = inject[0].node.content
        else {
            Issue.record("\(root)")
            return
        }
        #expect(top.map(\.mark.line) == [2, 4])
        #expect(faults[0].mark == .init(line: 5, column: 5))
        #expect(fault.map(\.mark.line) == [5, 6])
        #expect(latency[0].mark == .init(line: 7, column: 7))
        #expect(latency[0].node == SpecNode(.scalar("5s"), at: .init(line: 7, column: 14)))
    }

    @Test func nothingIsNotAText() throws {
        var spec = try spec("a:\nb: ~\nc: null\nd: 'null'\ne: ''")
        let nodes = try spec.all(.node)
        #expect(nodes.map(\.value.content) == [.empty, .empty, .empty, .scalar("null"), .scalar("")])
    }

    @Test(arguments: ["", "# only a comment\n", "---\n"])
    func anEmptyFileIsAnEmptyMapping(text: String) throws {
        #expect(try spec(text).keys == [])
    }

    @Test func aliasesAreFilledIn() throws {
        var spec = try spec("a: &x { delay: 5s }\nb: *x\nc: [*x]")
        let nodes = try spec.all(.node).map(\.value)
        #expect(nodes[1] == nodes[0])
        #expect(nodes[2].content == .sequence([nodes[0]]))
    }

    @Test func mergedOptionsGiveWayToOwnOnes() throws {
        var spec = try spec("base: &base { delay: 1s, jitter: 2s }\nuse:\n  <<: *base\n  delay: 3s")
        _ = try spec.required("base", .node)
        var use = try spec.required("use", .spec)
        #expect(try use.required("delay", .duration) == .seconds(3))
        #expect(try use.required("jitter", .duration) == .seconds(2))
        try use.finish()
    }

    @Test(arguments: [
        (
            "a: 1\nb: x: 2",
            "a.yaml:2: the file is no valid YAML: mapping values are not allowed in this context; quote a value"
        ),
        (
            "a: 1\nb: @x",
            "a.yaml:2: the file is no valid YAML: found character that cannot start any token; indent with"
        ),
        ("a:\n\tb: 1", "a.yaml:2: the file is no valid YAML: found character that cannot start any token; indent with"),
        (
            "a: [1,\n2\nb: 3",
            "a.yaml:3: the file is no valid YAML: did not find expected ',' or ']'; what isn't right here began in line 1"
        ),
        ("a: 1\nb: *nobody", "a.yaml:2: the file is no valid YAML: found undefined alias"),
        ("a: 1\nb: 2\na: 3", "a.yaml:1: the file has 'a' twice in one mapping; keep one"),
        ("a: 1\n---\nb: 2", "a.yaml:2: the file holds a second document; write each into a file of its own"),
        ("a: 1\n? [b]\n: 2", "a.yaml:1: the file has a key that is no plain word; keys are words, such as 'delay'"),
        ("a: 1\n<<: 5", "a.yaml:2: the file merges '5' with '<<'; only mappings can be merged"),
        ("a: \u{1}", "a.yaml:1: the file is no valid YAML: control characters are not allowed"),
    ])
    func refused(text: String, expected: String) {
        #expect(refusal(text).hasPrefix(expected), "\(refusal(text))")
    }

    @Test func aliasesOfAliasesDoNotExplode() {
        let levels = (1...9).map { level in
            "l\(level): &l\(level) [" + Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ", ") + "]"
        }
        let text = "l0: &l0 x\n" + levels.joined(separator: "\n")
        #expect(
            refusal(text).hasSuffix(
                "the file is too large once its aliases are filled in; use fewer aliases of aliases"))
    }

    @Test func aFileThatIsNotThere() {
        let error = #expect(throws: SpecError.self) { try YAMLFile.read("/nowhere/a.yaml") }
        #expect(error?.description == "/nowhere/a.yaml:1: the file cannot be read; there is no such file")
    }

    @Test func aFileInAnotherEncoding() throws {
        try TemporaryFolder.with { folder in
            let path = folder + "/a.yaml"
            try Data([0x61, 0x3A, 0x20, 0xFC]).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: SpecError.self) { try YAMLFile.read(path) }
            #expect(error?.description == "\(path):1: the file is not in UTF-8; save it as UTF-8")
        }
    }
}

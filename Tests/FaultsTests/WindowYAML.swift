import Faults
import Wire

/// Entries of `faults:` as a parser of YAML hands them over, one option a line.
enum Yaml {
    static let links: [String: LinkTraits] = [
        "s3": LinkTraits(.http, service: .s3), "openai": LinkTraits(.http, service: .openai), "web": .http,
        "postgres": LinkTraits(.postgres, service: .postgres), "redis": LinkTraits(.redis, service: .redis),
        "neo4j": LinkTraits(.bolt, service: .neo4j), "temporal": LinkTraits(.tcp, service: .temporal),
    ]

    static let processes = ProcessNames(
        workers: ["worker": 2, "lanes": Int?.none], services: ["s3", "postgres", "redis"], forgetful: ["redis"])

    /// Line 2 begins the entry; `when` is on line 4, the fault on line 6, its options from line 7 on.
    static func window(
        on link: String = "s3", when: [(String, String)] = [], inject kind: String,
        _ options: KeyValuePairs<String, String> = [:], more: [(String, String)] = []
    ) throws(SpecError) -> Window {
        try window(on: link, when: when, inject: kind, options: options.map { ($0.key, $0.value) }, more: more)
    }

    static func window(
        on link: String = "s3", when: [(String, String)] = [], inject kind: String, options: [(String, String)],
        more: [(String, String)] = []
    ) throws(SpecError) -> Window {
        let attributes = options.enumerated().map { entry(7 + $0.offset, $0.element.0, .scalar($0.element.1)) }
        return try window(on: link, when: when, inject: kind, attributes: attributes, more: more)
    }

    static func window(
        on link: String = "s3", when: [(String, String)] = [], inject kind: String, attributes: [SpecNode.Entry],
        more: [(String, String)] = []
    ) throws(SpecError) -> Window {
        // What strikes processes strikes the link's service.
        let isOfProcesses = FaultCatalogue.all.contains { $0.kind == kind && $0.target == .processes }
        var entries = [entry(2, isOfProcesses ? "process" : "on", .scalar(link))]
        if !when.isEmpty { entries.append(entry(4, "when", .mapping(when.map { entry(4, $0.0, .scalar($0.1)) }))) }
        let fault = entry(6, kind, attributes.isEmpty ? .empty : .mapping(attributes))
        entries.append(entry(5, "inject", .mapping([fault]), valueLine: 6))
        entries += more.map { entry(20, $0.0, .scalar($0.1)) }
        let root = SpecNode(.mapping(entries), at: .line(2))
        let spec = try Spec(root, at: SpecPlace(file: "a.yaml", path: "faults[0]", mark: root.mark))
        return try WindowReader.read([spec], links: links, processes: processes)[0]
    }

    /// What a refused entry says; empty when it was taken.
    static func refusal(_ body: () throws(SpecError) -> Window) -> String {
        do {
            _ = try body()
            return ""
        } catch {
            return error.description
        }
    }

    static func entry(_ line: Int, _ key: String, _ content: SpecNode.Content, valueLine: Int? = nil) -> SpecNode.Entry
    {
        SpecNode.Entry(key: key, mark: .line(line), node: SpecNode(content, at: .line(valueLine ?? line)))
    }
}

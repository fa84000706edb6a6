import Faults
import Proxy

extension PipelineSpec {
    /// Reads `pipeline:`, which is `reference` or a mapping: a command with its options, or `http` or `temporal` alone.
    /// - Parameters:
    ///   - folder: of the system file.
    ///   - links: all of the file's.
    static func type(folder: String, links: [LinkConfiguration]) -> SpecType<PipelineSpec> {
        SpecType(example: "reference") { node, place throws(SpecError) in
            if case .scalar(let word) = node.content {
                guard word == "reference" else {
                    throw place.error(
                        "has no value '\(word)'",
                        mend: "write reference, or { command: [./worker] }, or 'http:' or 'temporal:' with its options")
                }
                return .reference
            }
            let mapping = SpecType<PipelineSpec>.mapping { spec throws(SpecError) in
                if spec.keys.contains("http") {
                    return .http(
                        try spec.required(
                            "http", .mapping { spec throws(SpecError) in try HTTPSpec(spec: &spec, links: links) }))
                }
                if spec.keys.contains("temporal") {
                    return .temporal(
                        try spec.required(
                            "temporal",
                            .mapping { spec throws(SpecError) in try TemporalSpec(spec: &spec, links: links) }))
                }
                return .command(try CommandSpec(spec: &spec, folder: folder, links: links))
            }
            return try mapping.read(node, place)
        }
    }
}

extension CommandSpec {
    init(spec: inout Spec, folder: String, links: [LinkConfiguration]) throws(SpecError) {
        let word = SpecType<String>.template("a word", example: "{document}", known: SubmissionWord.names)
        let words = try spec.required("command", .list(of: word))
        guard let program = words.first else {
            throw spec.error(
                "command", "is empty", mend: "write the program and its arguments: [./worker, \"{document}\"]")
        }
        guard Placeholders.names(in: program).isEmpty else {
            throw spec.error(
                "command", "has a placeholder in the program's name", mend: "name one program for all documents")
        }
        let known = LaneVariables.placeholders(of: links)
        let environment = try spec.optional(
            "env",
            .mapping { spec throws(SpecError) in
                try spec.all(.template("a text", example: "{link.redis}", known: known, needed: []))
            })
        let timeout = try spec.optional("timeout", .duration) ?? Self.timeoutDefault
        guard timeout > .zero else {
            throw spec.error(
                "timeout", "is no time at all", mend: "write how long one submission may take, such as 120s")
        }
        let codes = try spec.optional(
            "exit-codes",
            .mapping { spec throws(SpecError) in
                try spec.optional("rolled-back", .list(of: .int(in: 1...255)))
            })
        self.init(
            words: words,
            environment: Dictionary(
                environment?.map { ($0.key, $0.value) } ?? [], uniquingKeysWith: { _, last in last }),
            folder: folder, timeout: timeout,
            rolledBackCodes: (codes ?? nil).map { Set($0.map(Int32.init)) } ?? Self.rolledBackDefault)
    }
}

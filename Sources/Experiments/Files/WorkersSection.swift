import Faults
import Glibc
import Proxy

extension SpecType where Value == [WorkerSpec] {
    /// Reads `workers:`.
    /// - Parameters:
    ///   - folder: of the system file.
    ///   - links: all of the file's.
    static func workers(folder: String, links: [LinkConfiguration]) -> SpecType {
        SpecType(example: "[{ name: worker, command: [./worker] }]") { node, place throws(SpecError) in
            let specs = try SpecType<[Spec]>.list(of: .spec).read(node, place)
            var workers: [WorkerSpec] = []
            for spec in specs {
                var spec = spec
                let worker = try WorkerSpec(spec: &spec, folder: folder, links: links)
                try spec.finish()
                if workers.contains(where: { $0.name == worker.name }) {
                    throw spec.error(
                        "name", "is the name of another worker too: '\(worker.name)'", mend: "name workers apart")
                }
                workers.append(worker)
            }
            return workers
        }
    }
}

extension WorkerSpec {
    init(spec: inout Spec, folder: String, links: [LinkConfiguration]) throws(SpecError) {
        let name = try spec.required("name", .workerName)
        let known = Self.placeholders + links.placeholders
        let text = SpecType<String>.template("a text", example: "{link.redis}", known: known)
        let words = try spec.required("command", .list(of: text))
        guard let program = words.first else {
            throw spec.error("command", "is empty", mend: "write the program and its arguments: [./worker, --queue, q]")
        }
        guard Placeholders.names(in: program).isEmpty else {
            throw spec.error(
                "command", "has a placeholder in the program's name", mend: "name one program for all processes")
        }
        let environment = try spec.optional(
            "env", .mapping { spec throws(SpecError) in try spec.all(text) })
        let placement = try spec.optional("count", .placement) ?? .count(1)
        let ready = try spec.optional("ready", .readiness)
        if case .port = ready?.readiness, placement != .count(1) {
            throw spec.error(
                "ready", "waits for one port, and there may be several processes",
                mend: "write 'ready: { line: GLOB }', or 'ready: { file: \"{ready-file}\" }'")
        }
        if case .file(let file) = ready?.readiness, placement != .count(1), Placeholders.names(in: file).isEmpty {
            throw spec.error(
                "ready", "waits for one file, and there may be several processes: '\(file)'",
                mend: "write 'ready: { file: \"{ready-file}\" }', which is another file for each")
        }
        self.init(
            name: name, words: words,
            environment: Dictionary(
                environment?.map { ($0.key, $0.value) } ?? [], uniquingKeysWith: { _, last in last }),
            folder: folder, placement: placement, readiness: ready?.readiness ?? .started,
            readyWithin: ready?.within ?? Self.readyWithinDefault,
            stop: try spec.optional("stop", .mapping(Stop.init(spec:))) ?? Stop(),
            restarts: try spec.optional("restart", .bool) ?? false)
    }
}

extension [LinkConfiguration] {
    /// What stands for their addresses: `link.NAME`, and its parts.
    fileprivate var placeholders: [String] {
        flatMap { link in
            let whole = "link.\(link.name)"
            return link.listen.hasPrefix("unix:") ? [whole] : [whole, "\(whole).host", "\(whole).port"]
        }
    }
}

extension WorkerSpec.Stop {
    private static let signals: [String: Int32] = ["SIGTERM": SIGTERM, "SIGINT": SIGINT, "SIGQUIT": SIGQUIT]

    fileprivate init(spec: inout Spec) throws(SpecError) {
        self.init()
        if let name = try spec.optional("signal", .name) {
            guard let number = Self.signals[name] else {
                throw spec.error(
                    "signal", "is not one that ends a process in order: '\(name)'",
                    mend: Suggestion.known(Self.signals.keys.sorted(), plural: "signals", insteadOf: name))
            }
            signal = number
        }
        if let grace = try spec.optional("grace", .duration) { self.grace = grace }
    }
}

extension SpecType where Value == WorkerSpec.Placement {
    /// A number, or `per-lane`.
    fileprivate static var placement: SpecType {
        .scalar("a number of processes, or per-lane", example: "2", mend: "write 'count: 2', or 'count: per-lane'") {
            $0 == "per-lane" ? .perLane : Int($0).flatMap { (1...64).contains($0) ? .count($0) : nil }
        }
    }
}

/// What `ready:` says.
private struct ReadySection: Sendable {
    var readiness: WorkerSpec.Readiness
    var within: Duration
}

extension SpecType where Value == ReadySection {
    /// `{ line: GLOB }`, `{ file: PATH }` or `{ port: N }`, each with `within`.
    fileprivate static var readiness: SpecType {
        .mapping { spec throws(SpecError) in
            let line = try spec.optional("line", .name).map { WorkerSpec.Readiness.line(Glob($0)) }
            let file = try spec.optional("file", .template("a path", example: "{ready-file}", known: ["ready-file"]))
                .map(WorkerSpec.Readiness.file)
            let port = try spec.optional("port", .int(in: 1...65535)).map(WorkerSpec.Readiness.port)
            let within = try spec.optional("within", .durationAboveZero) ?? WorkerSpec.readyWithinDefault
            let ways = [line, file, port].compactMap { $0 }
            guard let way = ways.first, ways.count == 1 else {
                throw spec.place.error(
                    ways.isEmpty ? "does not say what shows it" : "says two ways, and one is enough",
                    mend: "write one of { line: \"*ready*\" }, { file: \"{ready-file}\" } and { port: 8080 }")
            }
            return ReadySection(readiness: way, within: within)
        }
    }
}

extension SpecType where Value == String {
    /// It names files and processes.
    fileprivate static var workerName: SpecType {
        .scalar("a name", example: "worker", mend: "names are made of a-z, 0-9 and '-', and begin with a letter") {
            $0.wholeMatch(of: /[a-z][a-z0-9-]{0,49}/) != nil ? $0 : nil
        }
    }
}

import Foundation

/// One process of a managed worker, with everything filled in.
struct WorkerLaunch: Sendable {
    let spec: WorkerSpec
    /// `NAME-0`.
    let label: String
    let lane: Int
    let words: [String]
    let environment: [String: String]
    let folder: String
    let log: String
    let readyFile: String
    /// Its own temporary files: what it leaves there when it is killed goes with it.
    let temporaryFolder: String
    /// In the environment of all that comes of it.
    let mark: [String: String]

    /// - Parameters:
    ///   - number: of the process among those of its worker, from 0.
    ///   - addresses: where the links listen, by name, one address a lane.
    ///   - data: the run's.
    ///   - logs: the folder of the workers' logs.
    init(
        _ spec: WorkerSpec, number: Int, system: System, addresses: [String: [String]], data: RunData, logs: String
    ) {
        self.spec = spec
        let label = "\(spec.name)-\(number)"
        let lane = spec.placement == .perLane ? number : 0
        let readyFile: String
        if case .file(let path) = spec.readiness, !path.contains("{ready-file}") {
            readyFile = path.hasPrefix("/") ? path : "\(Self.absolute(spec.folder))/\(path)"
        } else {
            readyFile = "\(data.folder)/ready-\(label)"
        }
        let temporaryFolder = "\(data.temporaryFolder)/\(label)"
        let links = LaneVariables(
            links: system.links, stores: system.stores,
            addresses: addresses.compactMapValues { $0.isEmpty ? nil : $0[lane % $0.count] })
        func fill(_ text: String) -> String {
            Placeholders.fill(links.fill(text)) { placeholder in
                switch placeholder {
                case "lane": "\(lane)"
                case "run": data.token
                case "ready-file": readyFile
                default: nil
                }
            }
        }
        var environment = links.values(
            over: spec.inheritsEnvironment ? ProcessInfo.processInfo.environment : [:])
        environment["TMPDIR"] = temporaryFolder
        environment[WorkerSpec.readyFileVariable] = readyFile
        for (name, text) in spec.environment { environment[name] = fill(text) }
        self.label = label
        self.lane = lane
        self.readyFile = readyFile
        self.temporaryFolder = temporaryFolder
        self.environment = environment
        words = [spec.words[0]] + spec.words.dropFirst().map(fill)
        folder = Self.absolute(spec.folder)
        log = "\(Self.absolute(logs))/\(label).log"
        mark = [WorkerSpec.runVariable: data.token, WorkerSpec.labelVariable: label]
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}

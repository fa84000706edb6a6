import Consistency
import Experiments
import Faults
import Foundation
import Wire

/// The experiments that a command line names.
enum ExperimentPaths {
    /// Reads all experiments that the paths lead to, and keeps those that have one of the tags, if any are named.
    ///
    /// - Throws: `UsageError` that names every file that cannot be read, or the tags that there are.
    static func experiments(
        _ paths: [String], tags: [String], root: String, links: [String: LinkTraits], kinds: Set<Submission.Kind>,
        processes: ProcessNames = .reference
    ) throws -> [Experiment] {
        var experiments: [Experiment] = []
        var errors: [SpecError] = []
        for file in try files(paths) {
            do {
                experiments.append(
                    try Experiment.read(file, root: root, links: links, kinds: kinds, processes: processes))
            } catch {
                errors.append(error)
            }
        }
        guard errors.isEmpty else { throw UsageError(description: errors.map { "\($0)" }.joined(separator: "\n")) }
        guard !tags.isEmpty else { return experiments }
        let known = Set(experiments.flatMap(\.tags))
        let chosen = experiments.filter { !Set($0.tags).isDisjoint(with: tags) }
        guard !chosen.isEmpty else {
            let list =
                known.isEmpty ? "none of them has any tag" : "known tags: \(known.sorted().joined(separator: ", "))"
            let names = tags.map { "'\($0)'" }.joined(separator: " or ")
            throw UsageError(
                description: "no experiment in \(paths.joined(separator: ", ")) has the tag \(names); \(list)")
        }
        return chosen
    }

    /// Folders give all their YAML files, sorted by path. A file that is named twice is one.
    static func files(_ paths: [String]) throws -> [String] {
        var files: [String] = []
        var seen: Set<String> = []
        for path in paths {
            for file in try filesAt(path) where seen.insert(URL(fileURLWithPath: file).standardized.path).inserted {
                files.append(file)
            }
        }
        return files
    }

    private static func filesAt(_ path: String) throws -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw UsageError(
                description: "\(path): no such file or folder; name an experiment file, or a folder of them")
        }
        guard isFolder.boolValue else { return [path] }
        let base = path.hasSuffix("/") ? String(path.dropLast()) : path
        let found = (FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { "\(base)/\($0)" }
        guard !found.isEmpty else {
            throw UsageError(description: "\(path): no experiment in this folder; they end in .yaml")
        }
        return found
    }
}

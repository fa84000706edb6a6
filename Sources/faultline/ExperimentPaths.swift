import Foundation

/// The experiment files that a command line names.
enum ExperimentPaths {
    /// Folders give all their YAML files, sorted by path.
    static func files(_ paths: [String]) throws -> [String] {
        var files: [String] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw UsageError(
                    description: "\(path): no such file or folder; name an experiment file, or a folder of them")
            }
            guard isFolder.boolValue else {
                files.append(path)
                continue
            }
            let base = path.hasSuffix("/") ? String(path.dropLast()) : path
            let found = (FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? [])
                .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { "\(base)/\($0)" }
            guard !found.isEmpty else {
                throw UsageError(description: "\(path): no experiment in this folder; they end in .yaml")
            }
            files += found
        }
        return files
    }
}

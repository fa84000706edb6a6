package import Consistency
package import Foundation

/// `world.json`: what a run was judged on, to be judged again without any store.
package enum SavedWorld {
    /// Raised when a reader of today could misunderstand a file of yesterday.
    private static let format = 1

    /// Lists whose order says nothing; they are sorted, so that one world is always the same file.
    private static let sets: [[String]] = [
        ["kinds", "*"], ["orphansSought"], ["links", "*", "keys"], ["residueSought"],
    ]

    /// The world as text, the same bytes for the same world. Keys are the properties' own names.
    package static func encode(_ world: World) throws -> Data {
        let plain = try JSONEncoder().encode(world)
        guard var tree = try JSONSerialization.jsonObject(with: plain) as? [String: Any] else {
            preconditionFailure("a world is an object")
        }
        for path in sets { sort(&tree, at: path[...]) }
        tree["format"] = format
        var data = try JSONSerialization.data(
            withJSONObject: tree, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        data.append(0x0A)
        return data
    }

    /// - Parameter path: a `world.json`, or the run folder that it lies in.
    /// - Throws: `ReportError` for a file that is missing, broken or of another version.
    package static func read(_ path: String) throws(ReportError) -> (world: World, file: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ReportError(
                file: path, what: "there is no such file or folder", mend: "name a run folder, or the world.json in it")
        }
        let file = isFolder.boolValue ? (path.hasSuffix("/") ? path : path + "/") + "world.json" : path
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ReportError(
                file: file, what: "cannot be read", mend: "name a run folder, or the world.json that a run left in it")
        }
        return (try decode(data, file: file), file)
    }

    private static func decode(_ data: Data, file: String) throws(ReportError) -> World {
        guard let tree = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
            throw ReportError(
                file: file, what: "is no JSON object", mend: "take a world.json that was written to its end")
        }
        if let found = tree["format"], found as? Int != format {
            throw ReportError(
                file: file, what: "has the format \(found), this faultline reads \(format)",
                mend: "judge it with the faultline that wrote it")
        }
        do {
            return try JSONDecoder().decode(World.self, from: data)
        } catch let error as DecodingError {
            throw ReportError(
                file: file, what: words(error), mend: "judge it with the faultline that wrote it, or run again")
        } catch {
            throw ReportError(file: file, what: "is no world: \(error)", mend: "run the experiment again")
        }
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context, _ key: String? = nil) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
            let full = path + (key.map { ".\($0)" } ?? "")
            return full.isEmpty ? "the file" : "'\(full.hasPrefix(".") ? String(full.dropFirst()) : full)'"
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context, key.stringValue)) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(place(context)) has another form than it must"
        case .dataCorrupted(let context): return "\(place(context)) cannot be understood"
        @unknown default: return "cannot be understood"
        }
    }

    private static func sort(_ tree: inout [String: Any], at path: ArraySlice<String>) {
        guard let first = path.first else { return }
        for key in first == "*" ? Array(tree.keys) : [first] {
            if let value = tree[key] { tree[key] = sorted(value, at: path.dropFirst()) }
        }
    }

    private static func sorted(_ value: Any, at path: ArraySlice<String>) -> Any {
        if path.isEmpty { return (value as? [String])?.sorted() ?? value }
        if var object = value as? [String: Any] {
            sort(&object, at: path)
            return object
        }
        guard path.first == "*", let list = value as? [Any] else { return value }
        return list.map { sorted($0, at: path.dropFirst()) }
    }
}

package import Faults
import Foundation
import Yams

/// A configuration file in YAML, with the line of every value.
package enum YAMLFile {
    /// Values that a file may hold once its aliases are filled in: aliases of aliases grow beyond all bounds.
    private static let nodesMax = 100_000

    /// - Throws: when the file cannot be read, isn't YAML, or isn't one document.
    package static func read(_ path: String) throws(SpecError) -> Spec {
        try Spec(file: path, root: parse(text(of: path), file: path))
    }

    /// The same with every `${VAR}` filled in.
    /// - Throws: also when a variable without a default isn't set.
    package static func read(_ path: String, filledFrom variables: [String: String]) throws(SpecError) -> Spec {
        let start = SpecPlace(file: path, path: "", mark: .init(line: 1, column: 1))
        let root = try parse(text(of: path), file: path)
        return try Spec(file: path, root: Substitution(variables: variables).fill(root, at: start))
    }

    /// - Throws: when the file cannot be read, or isn't in UTF-8.
    package static func text(of path: String) throws(SpecError) -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw SpecError(
                file: path, line: 1, path: "", what: "cannot be read",
                mend: FileManager.default.fileExists(atPath: path)
                    ? "see whether it is a file, and yours to read" : "there is no such file")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw SpecError(file: path, line: 1, path: "", what: "is not in UTF-8", mend: "save it as UTF-8")
        }
        return text
    }

    /// - Parameter file: named in errors.
    package static func parse(_ text: String, file: String) throws(SpecError) -> SpecNode {
        let start = SpecPlace(file: file, path: "", mark: .init(line: 1, column: 1))
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw YAMLError.translated(error, at: start)
        }
        guard let root else { return SpecNode(.empty, at: start.mark) }
        var converter = YAMLConverter(place: start, nodesLeft: nodesMax)
        return try converter.convert(root)
    }
}

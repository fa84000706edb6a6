import Faults
import Yams

/// Says what a YAML parser didn't like, in the form of all configuration errors.
enum YAMLError {
    static func translated(_ error: any Error, at start: SpecPlace) -> SpecError {
        func refused(_ line: Int, _ what: String, mend: String? = nil) -> SpecError {
            SpecError(file: start.file, line: max(1, line), path: "", what: what, mend: mend)
        }
        guard let error = error as? YamlError else { return refused(1, "is no valid YAML: \(error)") }
        switch error {
        case .composer(_, let problem, let mark, _) where problem.contains("another document"):
            return refused(mark.line, "holds a second document", mend: "write each into a file of its own")
        case .composer(_, let problem, let mark, _):
            return refused(mark.line, "is no valid YAML: \(problem)")
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            return refused(
                mark.line, "is no valid YAML: \(problem)", mend: mend(problem, context?.mark.line, mark.line))
        case .reader(let problem, let offset, _, let text):
            let line = offset.map { text.prefix($0).reduce(1) { $0 + ($1.isNewline ? 1 : 0) } } ?? 1
            return refused(line, "is no valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            return refused(context.mark.line, "has \(names) twice in one mapping", mend: "keep one")
        default:
            return refused(1, "is no valid YAML: \(error)")
        }
    }

    private static func mend(_ problem: String, _ begin: Int?, _ line: Int) -> String? {
        if problem.contains("cannot start any token") {
            return "indent with spaces rather than tabs, and quote a value that begins with @, % or `"
        }
        if problem.contains("mapping values are not allowed") {
            return "quote a value that has ': ' in it, and see to the indentation"
        }
        guard let begin, begin != line else { return nil }
        return "what isn't right here began in line \(begin)"
    }
}

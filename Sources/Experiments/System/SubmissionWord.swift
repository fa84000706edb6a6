import Consistency

/// What placeholders say of a submission, in words of commands, URLs, bodies and arguments. Pure.
package enum SubmissionWord: String, CaseIterable, Sendable {
    case document
    /// The document's id up to its last slash; empty where it has none. The same for all versions of a document.
    case documentFolder = "document.folder"
    /// The document's id behind its last slash.
    case documentName = "document.name"
    case key
    /// The key in S3 up to its last slash: the prefix.
    case keyFolder = "key.folder"
    /// The key in S3 behind its last slash.
    case keyName = "key.name"
    case bucket, kind, submission, run, lane

    package static var names: [String] { allCases.map(\.rawValue) }

    /// - Parameter lane: counts from 0.
    package func value(of task: PipelineTask, lane: Int) -> String {
        switch self {
        case .document: task.document
        case .documentFolder: Self.split(task.document).folder
        case .documentName: Self.split(task.document).name
        case .key: task.key
        case .keyFolder: Self.split(task.key).folder
        case .keyName: Self.split(task.key).name
        case .bucket: task.bucket
        case .kind: task.kind.rawValue
        case .submission: task.submission
        case .run: task.run
        case .lane: "\(lane)"
        }
    }

    /// A text with all that is known of a submission filled in.
    package static func fill(_ text: String, _ task: PipelineTask, lane: Int) -> String {
        Placeholders.fill(text) { SubmissionWord(rawValue: $0)?.value(of: task, lane: lane) }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}

import Consistency
import Faults

extension Submission.Kind {
    /// In the order in which a file names them.
    static let inFiles: [Submission.Kind] = [.ingest, .reingest, .duplicate, .delete]

    /// Reads a section for each kind. What is said of `ingest` is said of `re-ingest` and `duplicate` too unless they have
    /// sections of their own; a kind without one is none that the pipeline knows.
    static func sections<Course: Sendable>(
        _ spec: inout Spec, _ read: @escaping @Sendable (inout Spec) throws(SpecError) -> Course
    ) throws(SpecError) -> [Submission.Kind: Course] {
        var courses = [Submission.Kind.ingest: try spec.required(Submission.Kind.ingest.rawValue, .mapping(read))]
        for kind in inFiles.dropFirst() { courses[kind] = try spec.optional(kind.rawValue, .mapping(read)) }
        for kind in [Submission.Kind.reingest, .duplicate] where courses[kind] == nil {
            courses[kind] = courses[.ingest]
        }
        return courses
    }
}

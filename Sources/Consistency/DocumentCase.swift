/// All that was asked for one document, and what the stores may hold after it.
package struct DocumentCase: Hashable, Sendable {
    /// What stands in the stores once everything has settled.
    package enum State: Hashable, Sendable {
        case absent
        /// Its content by the digest of the source, where that is known.
        case present(digest: String?)
    }

    package let document: String
    /// As in the world: the baseline's first.
    package let submissions: [Submission]

    /// Ids under which the stores may know it, in order of appearance. More than one when the pipeline gives a new id each time.
    package var storedIDs: [String] {
        var ids: [String] = []
        for submission in submissions {
            let id = submission.storedID ?? document
            if !ids.contains(id) { ids.append(id) }
        }
        return ids
    }

    /// The ids that the last success may have named: one, unless successes overlapped. Where none succeeded, that of the
    /// last submission.
    package var currentIDs: Set<String> {
        let written = submissions.indices.filter {
            submissions[$0].result == .succeeded && submissions[$0].kind != .delete
        }
        let precedence = Precedence(submissions)
        let last = written.filter { index in !written.contains { precedence.isBefore(index, $0) } }
        let ids = last.map { submissions[$0].storedID ?? document }
        return Set(ids.isEmpty ? [submissions.last?.storedID ?? document] : ids)
    }

    /// The states that the reported results allow: what any order leaves in which the submissions may have taken effect. A
    /// success has its effect, a rollback has none, an unknown result may have had it, or may have it later. The document is
    /// taken to be absent before its first submission.
    package var allowed: Set<State> { Linearisation(submissions).final }

    /// What stood before the faults, as the baseline's results tell it.
    package var before: Set<State> { Linearisation(submissions.filter(\.isBaseline)).final }

    /// Submissions under fire.
    package var workload: [Submission] { submissions.filter { !$0.isBaseline } }
}

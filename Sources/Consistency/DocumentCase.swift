/// All that was asked for one document, and what the stores may hold after it.
package struct DocumentCase: Hashable, Sendable {
    /// What stands in the stores once everything has settled.
    package enum State: Hashable, Sendable {
        case absent
        /// Its content by the digest of the source, where that is known.
        case present(digest: String?)
    }

    package let document: String
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

    /// The id that the last success named, or the last submission where none succeeded.
    package var currentID: String {
        let last = submissions.last { $0.result == .succeeded && $0.kind != .delete } ?? submissions.last
        return last?.storedID ?? document
    }

    /// The states that the reported results allow. A success leaves one; a rollback leaves what stood before; after an
    /// unknown result either may stand. The document is taken to be absent before its first submission.
    package var allowed: Set<State> {
        var states: Set<State> = [.absent]
        for submission in submissions {
            switch submission.result {
            case .succeeded: states = Self.effect(of: submission, on: states)
            case .rolledBack: break
            case .unknown: states.formUnion(Self.effect(of: submission, on: states))
            }
        }
        return states
    }

    private static func effect(of submission: Submission, on states: Set<State>) -> Set<State> {
        switch submission.kind {
        case .delete: [.absent]
        case .ingest, .reingest: [.present(digest: submission.contentDigest)]
        case .duplicate where submission.contentDigest != nil: [.present(digest: submission.contentDigest)]
        case .duplicate: Set(states.map { $0 == .absent ? .present(digest: nil) : $0 })
        }
    }
}

/// What sagas have done, on disk: from it a saga whose worker died is ended by another. All workers of a process share one,
/// and processes may share its folder.
package final class SagaJournal: Sendable {
    package let folder: String

    /// - Parameter folder: made when missing.
    package init(folder: String) {
        self.folder = folder
    }

    /// Sagas that have begun and not ended.
    package var unfinished: Int { 0 }
}

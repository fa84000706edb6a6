/// The right of a try to change a store, which ends when others may have been given the same work.
///
/// A worker that stood still does not know how long it did, and would go on with what another has done again, or undone, meanwhile.
/// So it looks before each change that no lock in the store guards. A halt between the look and the change stays possible.
package struct WriteLease: Sendable {
    /// Of the present try; nil where nobody else could be given it.
    ///
    /// A structure: Swift 6.3 makes code that crashes of a task-local value that is a closure itself.
    @TaskLocal package static var current: WriteLease?

    private let isHeld: @Sendable () -> Bool

    package init(_ isHeld: @escaping @Sendable () -> Bool) {
        self.isHeld = isHeld
    }

    static func check() throws(IngestionError) {
        guard current?.isHeld() ?? true else {
            throw IngestionError(
                .leaseLost, "the worker was not heard of for so long that another may have been given its work")
        }
    }
}

/// The right of a try to change a store, which ends when others may have been given the same work.
///
/// A worker that stood still does not know how long it did, and would go on with what another has done again, or undone, meanwhile.
/// So it looks before each change that no lock in the store guards. A halt between the look and the change stays possible.
package enum WriteLease {
    /// Of the present try.
    @TaskLocal package static var isHeld: @Sendable () -> Bool = { true }

    static func check() throws(IngestionError) {
        guard isHeld() else {
            throw IngestionError(
                .leaseLost, "the worker was not heard of for so long that another may have been given its work")
        }
    }
}

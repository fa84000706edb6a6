/// A change to the head of a message, in the protocol's own form.
package enum HeadEdit: Hashable, Sendable {
    /// Takes away every header of this name, whatever its case.
    case removeHeader(String)
    /// Replaces every header of this name by one, or adds it.
    case setHeader(String, to: String)
}

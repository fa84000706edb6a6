/// The operations that a fault strikes by itself; a selector that names `operation` has the last word.
package enum OwnOperations: Hashable, Sendable {
    case only(String)
    case allBut(String)
}

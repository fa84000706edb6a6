/// Whose message it is.
package enum Owner: Hashable, Sendable, Codable {
    case document(String)
    /// Nobody can tell.
    case nobody

    package var document: String? {
        if case .document(let document) = self { return document }
        return nil
    }
}

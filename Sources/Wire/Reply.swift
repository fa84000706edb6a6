/// An answer that the proxy gives in the service's place.
package enum Reply: Hashable, Sendable {
    /// - Parameter body: `nil` lets the service's dialect word it as the real service does.
    case http(status: Int, headers: [Header], body: String?)

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

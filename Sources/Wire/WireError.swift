/// Bytes that can never become a message of the protocol. The link turns the connection into bytes and goes on.
package struct WireError: Error, Hashable, Sendable {
    package var what: String

    package init(_ what: String) { self.what = what }
}

/// How long a client waits. A call that passes no time-out of its own takes these.
package struct Timeouts: Hashable, Sendable, Codable {
    /// For making a connection, greeting and authentication included. Never longer than what is left of the call.
    package var connect: Duration
    /// For a whole call: waiting for a free connection, connecting, asking and reading the answer.
    package var call: Duration

    package init(connect: Duration = .seconds(5), call: Duration = .seconds(30)) {
        self.connect = connect
        self.call = call
    }

    package static let standard = Timeouts()
}

/// An HTTP/1.1 client over libcurl's multi interface, on one thread of its own. Connections are reused.
///
/// It never retries: libcurl's own repetition of a request whose reused connection died unanswered is refused.
package final class HTTPClient: Sendable {
    package let timeouts: Timeouts

    package init(timeouts: Timeouts = .standard) {
        self.timeouts = timeouts
    }

    /// Sends a request and waits for the whole answer. Any status is an answer; only its absence is an error.
    package func send(_ request: HTTPRequest, timeout: Duration? = nil) async throws(StoreError) -> HTTPResponse {
        fatalError("not yet")
    }

    /// Ends the thread; requests under way fail as cancelled. Happens by itself when the client is released.
    package func close() {}
}

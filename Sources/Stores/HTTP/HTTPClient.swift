internal import CCurl
internal import Synchronization

/// An HTTP/1.1 client over libcurl's multi interface, on one thread of its own. Connections are reused.
///
/// It never retries: libcurl's own repetition of a request whose reused connection died unanswered is refused.
package final class HTTPClient: Sendable {
    package let timeouts: Timeouts
    private let loop: TransferLoop

    package init(timeouts: Timeouts = .standard) {
        self.timeouts = timeouts
        loop = TransferLoop()
    }

    deinit {
        loop.close()
    }

    /// Sends a request and waits for the whole answer. Any status is an answer; only its absence is an error.
    package func send(_ request: HTTPRequest, timeout: Duration? = nil) async throws(StoreError) -> HTTPResponse {
        let cancellation = Cancellation()
        let deadline = Deadline(after: timeout ?? timeouts.call)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.add(
                    TransferLoop.Order(
                        request: request, deadline: deadline, connectTimeout: timeouts.connect,
                        cancellation: cancellation, continuation: continuation))
            }
        } onCancel: {
            cancellation.cancel()
            loop.wake()
        }
        return try result.get()
    }

    /// Ends the thread; requests under way fail as cancelled. Happens by itself when the client is released.
    package func close() {
        loop.close()
    }
}

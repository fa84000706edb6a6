import Hummingbird
import Logging

/// Stands in for the OpenAI API: embeddings and the list of models, with the real one's checks, errors and headers.
///
/// Its vectors are made from the text alone (`EmbeddingVector`), so anybody can tell whether a vector belongs to a text.
package enum OpenAIStandIn {
    /// Serves until its task is cancelled.
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - keys: accepted API keys besides those that begin with `sk-`. A key that contains `invalid` is always refused.
    ///   - onReady: called once it listens, with the port.
    package static func run(
        host: String = "127.0.0.1", port: Int, keys: Set<String> = ["test"],
        onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) async throws {
        var logger = Logger(label: "openai")
        // Connections that a stop cuts off are reported as errors; they are none.
        logger.logLevel = .critical
        let application = Application(
            responder: OpenAIResponder(keys: keys),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: logger)
        try await application.run()
    }
}

import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import NIOCore
import NIOHTTP2
import SwiftProtobuf
import Synchronization

/// One connection to Temporal's workflow service, which dials when it is first used and again when it is lost.
final class TemporalService: Sendable {
    typealias Method = Temporal_Api_Workflowservice_V1_WorkflowService.Method

    let address: TemporalAddress
    private let client: GRPCClient<HTTP2ClientTransport.Posix>
    private let metadata: Metadata
    private let connections: Task<Void, Never>
    private let retry = CallRetry()

    /// Longer than one page of a history may be: the server sends up to 4 MiB by default.
    private static let bytesMax = 128 << 20

    init(_ address: TemporalAddress) throws(TemporalError) {
        self.address = address
        let transport: HTTP2ClientTransport.Posix
        do {
            transport = try Self.transport(to: address)
        } catch {
            throw TemporalError(operation: "connect", code: .invalidArgument, message: String(describing: error))
        }
        let client = GRPCClient(transport: transport)
        self.client = client
        var metadata: Metadata = ["temporal-namespace": "\(address.namespace)"]
        if let key = address.apiKey { metadata.addString("Bearer \(key)", forKey: "authorization") }
        self.metadata = metadata
        connections = Task { try? await client.runConnections() }
    }

    private static func transport(to address: TemporalAddress) throws -> HTTP2ClientTransport.Posix {
        var config = HTTP2ClientTransport.Posix.Config.defaults
        // A server that was restarted is to be found again at once.
        config.backoff.initial = .milliseconds(100)
        config.backoff.max = .seconds(2)
        config.http2.authority = address.serverName
        // As Temporal's own clients have it: a connection on which nothing comes any more is found dead after 45 s.
        config.connection.keepalive = HTTP2ClientTransport.Config.Keepalive(
            time: .seconds(30), timeout: .seconds(15), allowWithoutCalls: false)
        config.channelDebuggingCallbacks.onCreateTCPConnection = { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let http2 = try pipeline.handler(type: NIOHTTP2Handler.self)
                try pipeline.addHandler(PingAnswerer(), position: .before(http2))
            }
        }
        return try HTTP2ClientTransport.Posix(
            target: .dns(host: address.host, port: address.port),
            transportSecurity: security(address.security), config: config)
    }

    private static func security(
        _ security: TemporalAddress.Security
    ) -> HTTP2ClientTransport.Posix.TransportSecurity {
        guard case .tls(let trust, let identity) = security else { return .plaintext }
        return .tls { tls in
            if !trust.isEmpty {
                tls.trustRoots = .certificates(trust.map { .file(path: $0, format: .pem) })
            }
            if let identity {
                tls.certificateChain = [.file(path: identity.certificate, format: .pem)]
                tls.privateKey = .file(path: identity.key, format: .pem)
            }
        }
    }

    /// Ends the connection when the calls under way have ended.
    func close() { client.beginGracefulShutdown() }

    /// Ends the connection, calls and all.
    func abort() { connections.cancel() }

    /// Calls a method, again as `CallRetry` says.
    /// - Parameters:
    ///   - timeout: for one try.
    ///   - isRetried: a lost answer does no harm, or is told by what comes back.
    func call<Request: SwiftProtobuf.Message & Sendable, Response: SwiftProtobuf.Message & Sendable>(
        _ method: MethodDescriptor, _ request: Request, timeout: Duration = .seconds(10), isRetried: Bool = true
    ) async throws(TemporalError) -> Response {
        let start = ContinuousClock.now
        var failed = 0
        while true {
            let failure: TemporalError
            do throws(TemporalError) {
                return try await callOnce(method, request, timeout: timeout)
            } catch {
                failure = error
            }
            failed += 1
            guard isRetried, !Task.isCancelled,
                let wait = retry.wait(afterFailed: failed, of: failure, elapsed: .now - start)
            else { throw failure }
            do { try await Task.sleep(for: wait) } catch { throw failure }
        }
    }

    /// Calls a method once.
    func callOnce<Request: SwiftProtobuf.Message & Sendable, Response: SwiftProtobuf.Message & Sendable>(
        _ method: MethodDescriptor, _ request: Request, timeout: Duration
    ) async throws(TemporalError) -> Response {
        var options = CallOptions.defaults
        options.timeout = timeout
        // What cannot be dialled is said, not waited for.
        options.waitForReady = false
        options.maxResponseMessageBytes = Self.bytesMax
        options.maxRequestMessageBytes = Self.bytesMax
        do {
            return try await client.unary(
                request: ClientRequest(message: request, metadata: metadata), descriptor: method,
                serializer: ProtobufSerializer<Request>(), deserializer: ProtobufDeserializer<Response>(),
                options: options
            ) { response in try response.message }
        } catch let error as RPCError {
            throw TemporalError(error, operation: method.method)
        } catch is CancellationError {
            throw TemporalError(operation: method.method, code: .cancelled, message: "the call was cancelled")
        } catch {
            throw TemporalError(operation: method.method, code: .unknown, message: String(describing: error))
        }
    }
}

extension Duration {
    /// As protocol buffers have it.
    var wire: Google_Protobuf_Duration {
        Google_Protobuf_Duration(
            seconds: components.seconds, nanos: Int32(components.attoseconds / 1_000_000_000))
    }
}

extension Google_Protobuf_Duration {
    var duration: Duration { .seconds(seconds) + .nanoseconds(Int64(nanos)) }
}

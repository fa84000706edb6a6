import CSSL
import Glibc

/// What a link's TLS connections to its upstream are verified against: the system's authorities, and the user's own.
package final class TLSContext: Sendable {
    /// Set up once and only read afterwards, which libssl allows from any thread.
    private nonisolated(unsafe) let context: OpaquePointer

    /// - Parameter authorities: a file of certificates in PEM to trust as well.
    /// - Throws: `SocketError` when the file cannot be read as certificates.
    package init(authorities: String? = nil) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw SocketError(doing: "set up TLS", code: 0, message: Self.lastError())
        }
        self.context = context
        // The socket's own write of libssl knows no MSG_NOSIGNAL.
        signal(SIGPIPE, SIG_IGN)
        // Setters that are macros in C: their control numbers and values are those of openssl/ssl.h.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_ctrl(context, SSL_CTRL_MODE, Self.partialWrites | Self.movingBuffers, nil)
        // An upstream that ends without TLS's own goodbye ends like any other: the client sees FIN, and counts bytes.
        SSL_CTX_set_options(context, Self.ignoreUnexpectedEnd)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_default_verify_paths(context)
        if let authorities, SSL_CTX_load_verify_locations(context, authorities, nil) != 1 {
            throw SocketError(doing: "read the certificates in \(authorities)", code: 0, message: Self.lastError())
        }
    }

    deinit { SSL_CTX_free(context) }

    private static let partialWrites = 1
    private static let movingBuffers = 2
    private static let ignoreUnexpectedEnd: UInt64 = 1 << 7

    /// A session over a connected socket, not yet shaken hands.
    ///
    /// - Parameter host: the name, or the IP address, that the upstream's certificate must be for.
    package func session(_ descriptor: Int32, host: String) -> TLSSession? {
        guard let session = SSL_new(context) else { return nil }
        SSL_set_fd(session, descriptor)
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) != 1 {
            SSL_set1_host(session, host)
            var name = Array(host.utf8CString)
            SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name)
        }
        let http = Array("\u{8}http/1.1".utf8)
        SSL_set_alpn_protos(session, http, UInt32(http.count))
        SSL_set_connect_state(session)
        return TLSSession(session)
    }

    /// The oldest error that libssl keeps for this thread; the rest is thrown away.
    static func lastError() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return "no reason given" }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}

import CSSL
import Glibc

/// TLS over one non-blocking socket, on the client's side. Owned by one connection, on one loop.
package final class TLSSession {
    private let session: OpaquePointer
    /// Why the handshake failed, in libssl's words.
    package private(set) var failure = ""
    /// One record; a write that must be tried again may not be shorter than before.
    private static let recordMax = 16 * 1024

    init(_ session: OpaquePointer) { self.session = session }

    deinit { SSL_free(session) }

    /// Goes on with the handshake: `.bytes` when it is done, `.wait` for more, `.failed` with `failure`.
    package func handshake() -> Transfer {
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        if result == 1 { return .bytes(0) }
        let outcome = meaning(of: result)
        guard outcome != .wait else { return .wait }
        let verification = SSL_get_verify_result(session)
        failure =
            verification == Int(X509_V_OK)
            ? TLSContext.lastError() : String(cString: X509_verify_cert_error_string(verification))
        return .failed
    }

    /// Reads up to one record. What `.bytes` leaves may lie in libssl, which epoll knows nothing of: read until `.wait`.
    package func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let result = SSL_read(session, buffer.baseAddress, Int32(clamping: buffer.count))
        return result > 0 ? .bytes(Int(result)) : meaning(of: result)
    }

    /// Writes up to one record.
    package func transmit(_ bytes: UnsafeRawBufferPointer) -> Transfer {
        ERR_clear_error()
        let result = SSL_write(session, bytes.baseAddress, Int32(min(bytes.count, Self.recordMax)))
        return result > 0 ? .bytes(Int(result)) : meaning(of: result)
    }

    /// Says goodbye; the other direction stays open.
    package func shutDown() { SSL_shutdown(session) }

    private func meaning(of result: Int32) -> Transfer {
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: .wait
        case SSL_ERROR_ZERO_RETURN: .end
        default: .failed
        }
    }
}

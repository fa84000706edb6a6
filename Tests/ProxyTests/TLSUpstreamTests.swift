import Foundation
import Proxy
import Reactor
import Subprocess
import Testing
import Wire

/// Links to an upstream that speaks TLS, here Python's.
struct TLSUpstreamTests {
    @Test func aTrustedUpstreamAnswersUnderItsOwnName() async throws {
        let (answer, events) = try await ask(host: "localhost", trusted: true)
        #expect(answer.hasPrefix("HTTP/1.0 200"))
        // Bigger than a record, than the loop's buffer and than a socket's: nothing may stay behind in libssl.
        #expect(answer.count(where: { $0 == "z" }) == 3_000_000)
        let host = try #require(answer.firstMatch(of: /asked for ([a-z]+):[0-9]+/))
        #expect(host.1 == "localhost")
        #expect(events.contains { $0.kind == .message && $0.direction == .response && $0.status == 200 })
    }

    @Test func anUpstreamOfAnUnknownAuthorityIsNotSpokenTo() async throws {
        let (answer, events) = try await ask(host: "localhost", trusted: false)
        #expect(answer.isEmpty)
        #expect(events.map(\.kind) == [.unreachable])
        #expect(events.first?.key.contains("self-signed certificate") == true)
    }

    @Test func anUpstreamOfAnotherNameIsNotSpokenTo() async throws {
        let (answer, events) = try await ask(host: "127.0.0.1", trusted: true)
        #expect(answer.isEmpty)
        #expect(events.first?.key == "tls: IP address mismatch")
    }

    @Test func certificatesThatAreNoneAreRefused() async throws {
        let links = try LocalLinks(historyPath: nil)
        let wrong = LinkConfiguration(
            name: "openai", linkProtocol: .http, upstream: "https://localhost:1", authorities: "/dev/null")
        await #expect(throws: LinkError.self) { try await links.open([wrong]) }
        await links.close()
    }

    /// - Returns: all that the link answers to one request, and what its history tells.
    private func ask(host: String, trusted: Bool) async throws -> (String, [WireEvent]) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appendingPathComponent("certificate.pem").path
        let launched = try await python(Self.launcher, Self.server, folder.path).split(separator: " ").compactMap {
            Int($0)
        }
        try #require(launched.count == 2)
        let (port, server) = (launched[0], launched[1])
        defer { kill(pid_t(server), SIGKILL) }
        let history = folder.appendingPathComponent("wire").path
        let links = try LocalLinks(historyPath: history)
        let link = LinkConfiguration(
            name: "openai", linkProtocol: .http, upstream: "https://\(host):\(port)",
            authorities: trusted ? certificate : nil)
        let address = try #require(try await links.open([link])["openai"]?.first)
        let answer = try await python(Self.client, address)
        _ = try await links.flushHistory()
        var events: [WireEvent] = []
        try WireHistory.forEach(in: history) { events.append($0) }
        await links.close()
        return (answer, events)
    }

    private func python(_ script: String, _ arguments: String...) async throws -> String {
        let result = try await Subprocess.run(
            .name("python3"), arguments: Arguments(["-c", script] + arguments),
            output: .string(limit: 8 << 20), error: .string(limit: 64 << 10))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Starts the server in a session of its own and prints its port and process id.
    private static let launcher = """
        import subprocess, sys
        child = subprocess.Popen([sys.executable, '-c', *sys.argv[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True)
        print(int(child.stdout.readline()), child.pid)
        """

    private static let server = """
        import http.server, ssl, subprocess, sys
        folder = sys.argv[1]
        certificate, key = folder + '/certificate.pem', folder + '/key.pem'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
            '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate], check=True, capture_output=True)
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_): pass
            def do_GET(self):
                body = ('asked for ' + self.headers['Host'] + ' ').encode() + b'z' * 3000000
                self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers()
                self.wfile.write(body)
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    private static let client = """
        import socket, sys
        host, port = sys.argv[1].rsplit(':', 1)
        try:
            s = socket.create_connection((host, int(port)), timeout=30)
            s.sendall(b'GET / HTTP/1.1\\r\\nHost: ' + sys.argv[1].encode() + b'\\r\\n\\r\\n')
            while (piece := s.recv(1 << 16)): sys.stdout.buffer.write(piece)
        except ConnectionError: pass
        """
}

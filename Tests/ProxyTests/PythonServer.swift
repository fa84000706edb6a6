import Glibc
import Testing

/// A real HTTP/1.1 server, Python's own, as a child process on a free port. It ends when its standard input does, so it
/// outlives neither the test nor a crash of the tests.
final class PythonServer: Sendable {
    let address: String
    private let process: pid_t
    private let line: Int32

    /// Blocks until the server listens.
    init() throws {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Peer.Failure.other(errno)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let words = ["python3", "-c", Self.script]
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let code = posix_spawnp(&process, "python3", &actions, nil, arguments, environ)
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            throw Peer.Failure.other(code)
        }
        self.process = process
        line = ends[0]
        var port: [UInt8] = []
        var byte: UInt8 = 0
        while read(line, &byte, 1) == 1, byte != UInt8(ascii: "\n") { port.append(byte) }
        address = "127.0.0.1:\(String(decoding: port, as: UTF8.self))"
        try #require(!port.isEmpty, "python3 does not serve")
    }

    deinit {
        close(line)
        waitpid(process, nil, 0)
    }

    private static let script = #"""
        import hashlib, os, sys, threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        seen, gate, waiting = [], threading.Event(), threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536

            def log_message(self, *arguments):
                pass

            def handle_expect_100(self):
                super().handle_expect_100()
                self.wfile.flush()
                return True

            def answer(self, body, status=200, *headers):
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def body(self):
                if self.headers.get("Transfer-Encoding") != "chunked":
                    left, digest = int(self.headers.get("Content-Length", 0)), hashlib.sha256()
                    total = left
                    while left:
                        part = self.rfile.read(min(left, 1 << 20))
                        digest.update(part)
                        left -= len(part)
                    return total, digest.hexdigest()
                total, digest = 0, hashlib.sha256()
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    digest.update(self.rfile.read(size))
                    self.rfile.readline()
                    total += size
                while self.rfile.readline().strip():
                    pass
                return total, digest.hexdigest()

            def handle_any(self):
                length, digest = self.body()
                if self.path == "/seen":
                    return self.answer(" ".join(seen).encode())
                seen.append(self.command + self.path)
                parts = self.path.split("/")
                if parts[1] == "wait":
                    waiting.set()
                    gate.wait()
                    self.answer(b"waited")
                elif parts[1] == "waiting":
                    waiting.wait()
                    self.answer(b"yes")
                elif parts[1] == "release":
                    gate.set()
                    self.answer(b"released")
                elif parts[1] == "fixed":
                    self.answer(b"x" * int(parts[2]))
                elif parts[1] == "status":
                    self.answer(b"" if parts[2] in ("204", "304") else b"so", int(parts[2]))
                elif parts[1] == "headers":
                    self.answer(b"so", 200, ("X-First", "1"), ("x-odd", "2"), ("X-Last", "3"))
                elif parts[1] == "chunked":
                    self.send_response(200)
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    for word in (b"one", b"two", b"three"):
                        self.wfile.write(b"%x;word=yes\r\n%s\r\n" % (len(word), word))
                        self.wfile.flush()
                    self.wfile.write(b"0\r\nX-Trailer: t\r\n\r\n")
                elif parts[1] == "until-close":
                    self.send_response(200)
                    self.send_header("Connection", "close")
                    self.end_headers()
                    self.wfile.write(b"to the end")
                elif parts[1] == "big":
                    left, block = int(parts[2]), bytes(range(251)) * 261
                    self.send_response(200)
                    self.send_header("Content-Length", str(left))
                    self.end_headers()
                    while left > 0:
                        self.wfile.write(block[:left])
                        left -= min(left, len(block))
                else:
                    self.answer(("%s %s %d %s" % (self.command, self.path, length, digest[:8])).encode())

            do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        os._exit(0)
        """#
}

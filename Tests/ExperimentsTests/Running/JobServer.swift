import Foundation
import Glibc

/// A small service that takes jobs over HTTP, as a process of its own. What it does is in the document's name.
final class JobServer: Sendable {
    let address: String
    private let id: Int32

    init() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-u", "-c", Self.script]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        id = process.processIdentifier
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        address = "127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
    }

    deinit { kill(id, SIGKILL) }

    /// A job's states, one a question; the last one stays. `RELEASED` is `running` until somebody asks for /release.
    private static let script = """
        import json
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        from urllib.parse import unquote

        jobs, released = {}, []
        STATES = {
            "good": ["queued", "running", "done"], "bad": ["running", "failed"], "odd": ["running", "paused"],
            "slow": ["running"] * 10**6, "held": ["RELEASED"], "flaky": [None, "done"],
        }

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def answer(self, status, value, headers={}):
                body = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                for name, text in headers.items(): self.send_header(name, text)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                mode = self.path.rpartition("/")[2]
                if mode == "sync": return self.answer(200, {"state": "done", "uuid": "u-sync"})
                if mode == "refused": return self.answer(409, {"error": "is locked"})
                if mode == "broken": return self.answer(500, b"oops")
                if mode == "text": return self.answer(202, b"taken")
                job = f"j {len(jobs)}"
                said = [self.path, self.headers["content-type"], self.headers["x-key"], body.decode()]
                jobs[job] = (list(STATES[mode]), said)
                self.answer(202, {"data": {"jobs": [{"id": job}]}, "state": "done"}, {"Location": job})
            def do_DELETE(self):
                self.answer(200, {"state": "done", "uuid": unquote(self.path)})
            def do_GET(self):
                if self.path == "/release": released.append(1); return self.answer(200, {})
                states, said = jobs[unquote(self.path.rpartition("/")[2])]
                state = states.pop(0) if len(states) > 1 else states[0]
                if state == "RELEASED": state = "done" if released else "running"
                if state is None: return self.answer(503, b"later")
                self.answer(200, {"state": state, "uuid": "u-1", "why": "no room", "said": said})

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port)
        server.serve_forever()
        """
}

import Experiments
import Faults
import Foundation
import Proxy
import Stack
import Testing

/// A small system that is not ours, on the native stack: a managed worker for each lane takes documents over HTTP and writes them
/// to Redis, and a command hands them over, again and again until the worker has said that it is done.
final class WorkerSystem: Sendable {
    let folder: String
    let file: SystemFile

    /// - Parameters:
    ///   - worker: further lines of the worker's section.
    ///   - workers: takes the place of the whole section.
    ///   - command: of the pipeline.
    init(
        worker: String = "", workers: String? = nil,
        command: String = #"[python3, client.py, "{document}", "{bucket}", "{key}"]"#
    ) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("faultline-workers-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.worker.utf8).write(to: URL(fileURLWithPath: folder + "/worker.py"))
        try Data(Self.client.utf8).write(to: URL(fileURLWithPath: folder + "/client.py"))
        let section =
            workers ?? """
                workers:
                  - name: writer
                    command: [python3, worker.py, "{lane}"]
                    env: { FOLDER: "\(folder)", REDIS: "{link.redis.port}", S3: "http://{link.s3}", RUN: "{run}" }
                    count: per-lane
                    ready: { file: "{ready-file}" }
                \(worker)
                """
        let text = """
            links:
              s3: { protocol: http, upstream: native }
              redis: { protocol: redis, upstream: native }
            pipeline:
              command: \(command)
              env: { FOLDER: "\(folder)" }
              timeout: 20s
            \(section)
            footprints:
              redis:
                document: { key: "test-document:{document}", type: hash, digest: sha }
            clean-up:
              redis: ["test-document:{document}"]
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/faultline.yaml"))
        file = try SystemFile.read(folder + "/faultline.yaml")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Runs six documents, two at a time.
    func run(_ faults: String = "", documents: Int = 6) async throws -> RunResult {
        let text = """
            name: e
            title: E
            workload: { documents: \(documents), concurrency: 2, size: 416B..1KiB, formats: [txt] }
            \(faults)
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/e.yaml"))
        let experiment = try Experiment.read(
            folder + "/e.yaml", root: folder, links: file.traits, processes: ProcessNames(file))
        let system = try file.system(stack: try NativeStack.current().endpoints)
        return try await Runner(system: system, seed: 7, historyPath: folder + "/history").run(experiment)
    }

    /// Of the latest run.
    func messages() throws -> [WireEvent] {
        var messages: [WireEvent] = []
        try WireHistory.forEach(in: folder + "/history") { if $0.kind == .message { messages.append($0) } }
        return messages
    }

    /// What a process of the worker has written.
    func log(_ number: Int) -> [Substring] {
        let text = (try? String(contentsOfFile: "\(folder)/workers/writer-\(number).log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n")
    }

    /// How often each of the two processes was started.
    var starts: [Int] { (0..<2).map { number in log(number).count { $0.hasPrefix("started") } } }

    /// Processes of the worker that are still there.
    var alive: [Int32] {
        (0..<2).flatMap { number in
            log(number).compactMap { $0.hasPrefix("started ") ? Int32($0.dropFirst(8)) : nil }
        }.filter { ProcessIdentity.of($0) != nil }
    }

    /// `DIE_AT`: at which document it ends by itself. The port goes into a file that has the name of the lane's link.
    private static let worker = #"""
        import hashlib, http.server, json, os, socket, sys, urllib.request

        count = 0

        def redis(*words):
            with socket.create_connection(("127.0.0.1", int(os.environ["REDIS"]))) as link:
                link.sendall(f"*{len(words)}\r\n".encode() + b"".join(
                    f"${len(word)}\r\n{word}\r\n".encode() for word in words))
                return link.recv(1000)

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

            def do_POST(self):
                global count
                count += 1
                if os.environ.get("DIE_AT") == str(count):
                    print("the disk is full", flush=True)
                    os._exit(3)
                task = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with urllib.request.urlopen(f"{os.environ['S3']}/{task['bucket']}/{task['key']}") as answer:
                    sha = hashlib.sha256(answer.read()).hexdigest()
                reply = redis("HSET", f"test-document:{task['document']}", "sha", sha)
                self.send_response(200 if reply[:1] == b":" else 500)
                self.end_headers()

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        name = f"{os.environ['FOLDER']}/{os.environ['REDIS']}.port"
        with open(name + ".new", "w") as file:
            file.write(str(server.server_port))
        os.rename(name + ".new", name)
        print("started", os.getpid(), flush=True)
        print("lane", sys.argv[1], os.environ["RUN"], os.environ["FAULTLINE_RUN"], flush=True)
        open(os.environ["WORKER_READY_FILE"], "w").close()
        server.serve_forever()
        """#

    private static let client = #"""
        import json, os, sys, time, urllib.request

        document, bucket, key = sys.argv[1:]
        body = json.dumps({"document": document, "bucket": bucket, "key": key}).encode()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                with open(f"{os.environ['FOLDER']}/{os.environ['REDIS_PORT']}.port") as file:
                    url = f"http://127.0.0.1:{file.read()}/"
                with urllib.request.urlopen(urllib.request.Request(url, body), timeout=10):
                    sys.exit(0)
            except OSError:
                time.sleep(0.05)
        sys.exit(75)
        """#
}

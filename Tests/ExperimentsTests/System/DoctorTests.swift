import Experiments
import Foundation
import Glibc
import Proxy
import Stack
import Stores
import Testing

/// On the native stack, with what is wrong put beside what is right.
struct DoctorTests {
    private let endpoints: Endpoints

    init() throws { endpoints = try NativeStack.current().endpoints }

    private func examine(_ text: String) async throws -> [String: DoctorCheck] {
        let checks = await Doctor(file: try SystemFile.parse(text), stack: try NativeStack()).examine()
        return Dictionary(checks.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    }

    @Test func theNativeStackIsFit() async throws {
        let checks = await Doctor(file: nil, stack: try NativeStack()).examine()
        #expect(checks.filter { $0.state == .failed } == [])
        let names = Set(checks.map(\.name))
        for name in ["link s3", "link postgres", "store neo4j", "s3", "pipeline", "tools", "service redis", "disk"] {
            #expect(names.contains(name))
        }
    }

    /// Each failure leaves the other checks to be made.
    @Test func whatIsWrongIsNamedWithItsMending() async throws {
        let closed = try ClosedPort()
        let redis = try #require(URL(string: endpoints.redis)?.port)
        let qdrant = try #require(URL(string: endpoints.qdrant)?.port)
        let found = try await examine(
            """
            links:
              postgres: { protocol: tcp, upstream: native, listen: "127.0.0.1:\(redis)" }
              gone: { protocol: tcp, upstream: "127.0.0.1:\(closed.number)" }
              plain: { protocol: http, upstream: "https://127.0.0.1:\(qdrant)" }
              s3: { protocol: http, upstream: native }
            stores: { redis: "redis://127.0.0.1:\(closed.number)" }
            pipeline: { command: [./none] }
            footprints:
              postgres:
                document: "SELECT 'x' AS document, 'x' AS key WHERE 'x' <> ANY($1::text[])"
                chunk: "SELECT slug AS document, slug AS key FROM no_such_table WHERE slug = ANY($1::text[])"
              redis: { document: { key: "a:{document}", type: hash } }
            """)
        #expect(
            found["link postgres"]?.detail.contains("Address already in use") == true,
            "\(found["link postgres"] as Any)")
        #expect(
            found["link gone"]?.detail.hasPrefix("127.0.0.1:\(closed.number) cannot be reached: ") == true,
            "\(found["link gone"] as Any)")
        #expect(found["link plain"]?.state == .failed)
        #expect(found["link plain"]?.detail.contains("tls") == true, "\(found["link plain"] as Any)")
        #expect(found["link s3"]?.state == .ok)
        #expect(found["store postgres"]?.state == .ok)
        #expect(found["footprints.postgres.chunk"]?.detail.contains("no_such_table") == true)
        #expect(found["store redis"]?.state == .failed)
        #expect(found["footprints.redis.document"]?.state == .skipped)
        #expect(found["s3"]?.state == .ok)
        #expect(found["pipeline"]?.state == .failed)
        #expect(found.values.allSatisfy { $0.state != .failed || $0.mend != nil })
    }

    @Test func managedWorkersAreLookedAtOneByOne() async throws {
        let taken = try ClosedPort(listens: true)
        let found = try await examine(
            """
            links: { s3: { protocol: http, upstream: native }, api: { protocol: http, upstream: "127.0.0.1:1" } }
            stores: { redis: native }
            footprints: { redis: { document: { key: "a:{document}", type: hash } } }
            pipeline: { command: [/bin/true] }
            workers:
              - { name: fine, command: [sh, -c, "echo {lane}"], count: per-lane, ready: { line: "*0*" } }
              - { name: unknown, command: [no-such-program] }
              - { name: missing, command: [./none] }
              - { name: folder, command: [/tmp] }
              - { name: text, command: [/etc/passwd] }
              - { name: elsewhere, command: [mine], env: { PATH: /nowhere } }
              - { name: late, command: [sh], ready: { file: none/ready } }
              - { name: occupied, command: [sh], ready: { port: \(taken.number) } }
              - { name: api, command: [sh], ready: { port: 1 } }
            """)
        let expected = [
            "fine": "/sh is executable; ready at a line like '*0*'", "unknown": "no program 'no-such-program' in PATH",
            "missing": "there is no file ./none", "folder": "there is no file /tmp",
            "text": "/etc/passwd is not executable", "elsewhere": "no program 'mine' in PATH",
            "late": "there is no folder ./none for the ready file",
            "occupied": "port \(taken.number), where the worker is to show that it is ready, is taken",
            "api": "/sh is executable; ready when it listens on 1",
        ]
        for (worker, words) in expected {
            let check = try #require(found["worker \(worker)"])
            #expect(check.detail.contains(words), "\(check)")
            #expect(check.state == (["fine", "api"].contains(worker) ? .ok : .failed), "\(check)")
            #expect((check.mend == nil) == (check.state == .ok))
        }
        // Nobody is missed where a worker is to listen.
        #expect(found["link api"]?.state == .skipped)
    }

    @Test func anHTTPServiceIsAskedForItsRoot() async throws {
        let place = String(try #require(endpoints.s3.split(separator: "@").last?.split(separator: "/").last))
        let closed = try ClosedPort()
        func pipeline(_ url: String) -> String {
            """
            links: { s3: { protocol: http, upstream: native }, api: { protocol: http, upstream: "\(place)" } }
            stores: { redis: native }
            footprints: { redis: { document: { key: "a:{document}", type: hash } } }
            workers: [{ name: api, command: [sh], ready: { port: \(closed.number) } }]
            pipeline:
              http:
                result: { succeeded: { state: done } }
                ingest: { submit: { url: "\(url)" } }
            """
        }
        let linked = try await examine(pipeline("http://{link.api}/take"))["pipeline http://\(place)"]
        #expect(linked?.state == .ok && linked?.detail.hasPrefix("answers (status ") == true, "\(linked as Any)")
        // A managed worker is not up yet.
        let own = try await examine(pipeline("http://127.0.0.1:\(closed.number)/take"))
        #expect(own["pipeline http://127.0.0.1:\(closed.number)"]?.state == .skipped)
        let other = try ClosedPort()
        let gone = try await examine(pipeline("http://localhost:\(other.number)/take"))
        #expect(gone["pipeline http://localhost:\(other.number)"]?.state == .failed)
    }

    @Test func aTaskQueueMustBePolled() async throws {
        let worker = try PythonWorker(endpoints)
        func queue(_ name: String, _ more: String = "", links: String = "") async throws -> DoctorCheck {
            let found = try await examine(
                """
                links: { s3: { protocol: http, upstream: native }\(links) }
                stores: { redis: native }
                footprints: { redis: { document: { key: "a:{document}", type: hash } } }
                pipeline:
                  temporal:
                    task-queue: "\(name)"
                    result: { succeeded: { status: success } }
                    ingest: { workflow: Ingest }
                    \(more)
                """)
            return try #require(found["task queue \(name)"])
        }
        let polled = try await queue(worker.queue)
        #expect(polled.state == .ok && polled.detail.hasSuffix(" polls it"), "\(polled)")
        let quiet = try await queue("nobody-is-here")
        #expect(quiet.state == .failed && quiet.detail == "no worker polls it", "\(quiet)")
        // A worker that goes through the link can poll in a run alone.
        let link = ", temporal: { protocol: tcp, upstream: native }"
        #expect(try await queue("nobody-is-here", links: link).state == .skipped)
        #expect(try await queue("q-{run}").state == .skipped)
        #expect(try await queue("q", "namespace: nowhere").detail == "nobody can ask the server")
    }

    /// A listener that accepts and never answers.
    @Test func aBlackHoleDoesNotHangIt() async throws {
        let hole = try ClosedPort(listens: true)
        let file = try SystemFile.parse(
            """
            links: { hole: { protocol: http, upstream: "127.0.0.1:\(hole.number)" }, s3: { protocol: http, upstream: native } }
            stores: { redis: "redis://127.0.0.1:\(hole.number)" }
            pipeline: { command: [./none] }
            footprints: { redis: { document: { key: "a:{document}", type: hash } } }
            """)
        let checks = await Doctor(file: file, stack: try NativeStack(), limit: .milliseconds(500)).examine()
        for name in ["link hole", "store redis"] {
            #expect(checks.first { $0.name == name }?.state == .failed)
        }
    }
}

/// A port that nobody else takes while it is held: closed, or open without anybody who answers.
private final class ClosedPort: Sendable {
    let number: Int
    private let descriptor: Int32

    init(listens: Bool = false) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && (!listens || listen(descriptor, 8) == 0)
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        try #require(result)
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}

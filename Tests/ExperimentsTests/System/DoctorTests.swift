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

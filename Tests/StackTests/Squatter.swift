import Glibc
import Stack
import Stores
import Synchronization

/// Listens on the first port that it is shown, before the port's owner can.
final class Squatter: Sendable {
    private let held = Mutex<(port: Int, socket: Int32)?>(nil)

    var port: Int? { held.withLock { $0?.port } }

    func occupy(_ port: Int) {
        held.withLock { held in
            guard held == nil else { return }
            let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            precondition(bound == 0 && listen(file, 1) == 0, "the port was free a moment ago")
            held = (port, file)
        }
    }

    deinit { held.withLock { if let held = $0 { close(held.socket) } } }
}

/// Redis whose first port is taken between its choice and its use.
struct SquattedRedis: StackService {
    let redis = RedisService()
    let squatter: Squatter

    var name: String { redis.name }

    func prepare(_ site: Site) async throws { squatter.occupy(site.port) }
    func command(_ site: Site) throws -> Command { redis.command(site) }
    func probe(_ site: Site, timeout: Duration) async throws -> String {
        try await redis.probe(site, timeout: timeout)
    }
    func announce(_ site: Site, in endpoints: inout Endpoints) { redis.announce(site, in: &endpoints) }
}

/// What a callback was called with, in order.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) { elements.withLock { $0.append(element) } }
}

import Foundation
import Glibc

/// Loopback ports for the services.
///
/// Below the range that the kernel gives to outgoing connections: a service that is stopped for a while must find its port
/// free again, and nobody who dials it meanwhile may be connected to himself.
package enum Ports {
    static func free(_ count: Int) throws -> [Int] {
        var found: [Int] = []
        for _ in 0..<2000 where found.count < count {
            let port = Int.random(in: 10240..<firstOutgoing)
            if !found.contains(port) && isFree(port) { found.append(port) }
        }
        guard found.count == count else {
            throw StackError(what: "no free loopback port below \(firstOutgoing)", remedy: "stop some servers")
        }
        return found
    }

    /// Whether a server could listen on it, on loopback.
    package static func isFree(_ port: Int) -> Bool {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return false }
        defer { close(file) }
        // As servers do: connections that linger from an earlier run are no obstacle.
        var yes: Int32 = 1
        setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Whether one of these processes listens on the port; nil when nobody listens at all.
    static func listens(_ family: ProcessFamily, on port: Int) -> Bool? {
        let sockets = sockets { $0.port == port && $0.state == "0A" }
        return sockets.isEmpty ? nil : holds(family, sockets)
    }

    /// Whether one of these processes has this end of a connection on this machine.
    static func isConnected(_ family: ProcessFamily, from port: Int, to peerPort: Int) -> Bool {
        holds(family, sockets { $0.port == port && $0.peerPort == peerPort })
    }

    private static func holds(_ family: ProcessFamily, _ sockets: Set<String>) -> Bool {
        family.members.contains { member in
            let folder = "/proc/\(member.id)/fd"
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return files.contains { file in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(file)")
                return target.map(sockets.contains) ?? false
            }
        }
    }

    /// `socket:[inode]` of those that are meant, from /proc/net/tcp (proc(5)).
    private static func sockets(
        _ isMeant: ((port: Int, peerPort: Int, state: Substring)) -> Bool
    ) -> Set<String> {
        var found: Set<String> = []
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            for line in (SmallFile.text(table) ?? "").split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count > 9, let port = Self.port(fields[1]), let peerPort = Self.port(fields[2]),
                    isMeant((port, peerPort, fields[3]))
                else { continue }
                found.insert("socket:[\(fields[9])]")
            }
        }
        return found
    }

    private static func port(_ address: Substring) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }

    /// The first port that the kernel gives to outgoing connections.
    private static let firstOutgoing: Int = {
        let words = SmallFile.text("/proc/sys/net/ipv4/ip_local_port_range")?.split(whereSeparator: \.isWhitespace)
        let first = words?.first.flatMap { Int($0) } ?? 32768
        return first > 12000 ? first : 32768
    }()
}

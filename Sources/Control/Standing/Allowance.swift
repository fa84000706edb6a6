import Experiments
import Synchronization

/// Which hosts beyond this machine may be broken: those of the command line, and those of the file as it was read last.
final class Allowance: Sendable {
    private let fixed: Set<String>
    private let filed = Mutex<[String]>([])

    init(_ hosts: [String]) { fixed = Set(hosts.map { $0.lowercased() }) }

    /// - Returns: those that the file allowed before.
    @discardableResult
    func allowByFile(_ hosts: [String]) -> [String] {
        filed.withLock { filed in
            defer { filed = hosts }
            return filed
        }
    }

    /// - Parameter address: an upstream's.
    func check(_ address: String) throws {
        let hosts = fixed.union(filed.withLock { $0 }.map { $0.lowercased() })
        guard let host = AllowedHosts.host(of: address), !AllowedHosts(hosts: hosts).contains(host) else { return }
        throw LiveError.notAllowed(host: host)
    }
}

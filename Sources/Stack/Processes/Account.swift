import Foundation
import Glibc

/// A user of this machine whom a service runs as.
struct Account: Hashable, Sendable {
    var name: String
    var user: UInt32
    var group: UInt32

    init?(named name: String) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16384)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        self.name = name
        user = entry.pw_uid
        group = entry.pw_gid
    }

    static var isRoot: Bool { geteuid() == 0 }

    /// The prefix that makes a command run as this account.
    var prefix: [String] { ["/usr/bin/setpriv", "--reuid=\(name)", "--regid=\(group)", "--clear-groups"] }

    /// Whether the account may pass through every folder on the way to `path`.
    func canReach(_ path: String) -> Bool {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            guard let facts = try? FileManager.default.attributesOfItem(atPath: folder) else { return true }
            let mode = facts[.posixPermissions] as? Int ?? 0
            let isOwner = (facts[.ownerAccountID] as? Int).map { $0 == Int(user) } ?? false
            let isGroup = (facts[.groupOwnerAccountID] as? Int).map { $0 == Int(group) } ?? false
            let passes = mode & (isOwner ? 0o100 : isGroup ? 0o010 : 0o001)
            if passes == 0 { return false }
        }
        return true
    }
}

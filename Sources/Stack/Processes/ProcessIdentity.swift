/// One process and no other: an id alone may be given to a stranger once the process is gone.
package struct ProcessIdentity: Hashable, Sendable, Codable {
    package var id: Int32
    /// Clock ticks after boot at which the process began: field 22 of `/proc/PID/stat` (proc(5)).
    package var startTime: UInt64

    package init(id: Int32, startTime: UInt64) {
        self.id = id
        self.startTime = startTime
    }

    /// Whoever has this id now; nil when nobody has, or only a dead process that waits for its parent.
    package static func of(_ id: Int32) -> ProcessIdentity? {
        ProcessEntry.read(id).flatMap { $0.isDead ? nil : $0.identity }
    }

    /// The very process is there and not dead.
    package var isAlive: Bool { Self.of(id) == self }

    /// Names this boot of the machine.
    package static let boot =
        SmallFile.text("/proc/sys/kernel/random/boot_id")?.filter { !$0.isWhitespace } ?? "unknown"
}

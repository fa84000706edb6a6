import Foundation
import Glibc

/// One line of the process table, from `/proc/PID/stat` (proc(5)).
struct ProcessEntry: Hashable, Sendable {
    var identity: ProcessIdentity
    var state: UInt8
    var parent: Int32
    var session: Int32

    /// Has ended, and only waits for its parent to notice.
    var isDead: Bool { state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") }

    /// SIGSTOP has taken effect.
    var isStopped: Bool { state == UInt8(ascii: "T") }

    static func read(_ id: Int32) -> ProcessEntry? {
        guard let bytes = SmallFile.bytes("/proc/\(id)/stat"), let end = bytes.lastIndex(of: UInt8(ascii: ")")) else {
            return nil
        }
        // The command in brackets may hold anything, so fields are counted from behind it: state is the third.
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        func number<N: FixedWidthInteger>(_ field: Int) -> N? {
            field - 3 < fields.count ? N(String(decoding: fields[field - 3], as: UTF8.self)) : nil
        }
        guard let state = fields.first?.first, let parent: Int32 = number(4), let session: Int32 = number(6),
            let startTime: UInt64 = number(22)
        else { return nil }
        return ProcessEntry(
            identity: ProcessIdentity(id: id, startTime: startTime), state: state, parent: parent, session: session)
    }

    /// Every process of the machine that has not ended.
    static func all() -> [ProcessEntry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap(read).filter { !$0.isDead }
    }

    /// The value of a variable in the environment that the process was started with.
    func hasEnvironment(_ name: String, _ value: String) -> Bool {
        guard let bytes = SmallFile.bytes("/proc/\(identity.id)/environ") else { return false }
        return bytes.split(separator: 0).contains { $0.elementsEqual("\(name)=\(value)".utf8) }
    }

    /// Memory in bytes, shared pages counted in proportion where the kernel tells.
    static func memory(of id: Int32) -> Int {
        if let text = SmallFile.text("/proc/\(id)/smaps_rollup"),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Pss:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        {
            return kilobytes * 1024
        }
        let pages =
            SmallFile.text("/proc/\(id)/statm")?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}

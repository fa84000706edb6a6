import Foundation
import Glibc

/// What the machine must give, whatever the system is.
enum MachineExam {
    /// Run folders and the stack's data want some room.
    private static let freeBytesMin = 1 << 30
    /// Two descriptors a connection, on both sides of seven links.
    private static let filesMin: UInt64 = 1024

    /// - Parameter folder: `.faultline`; nil: the working folder.
    static func checks(folder: String?) -> [DoctorCheck] {
        let folder = folder ?? FileManager.default.currentDirectoryPath
        return [writable(folder), space(folder), files()]
    }

    private static func writable(_ folder: String) -> DoctorCheck {
        let probe = "\(folder)/doctor-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: probe))
            try FileManager.default.removeItem(atPath: probe)
            return DoctorCheck("folder", .ok, "\(folder) can be written")
        } catch {
            return DoctorCheck(
                "folder", .failed, "\(folder) cannot be written",
                mend: "give yourself the right to, or set FAULTLINE_HOME")
        }
    }

    private static func space(_ folder: String) -> DoctorCheck {
        var state = statvfs()
        guard statvfs(folder, &state) == 0 else {
            return DoctorCheck("disk", .skipped, "nobody can tell how much room there is")
        }
        let free = Int(state.f_bavail) * Int(state.f_frsize)
        let words = "\(free >> 20) MiB free at \(folder)"
        guard free >= freeBytesMin else {
            return DoctorCheck("disk", .failed, words, mend: "make room: runs and the native stack want 1 GiB")
        }
        return DoctorCheck("disk", .ok, words)
    }

    private static func files() -> DoctorCheck {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return DoctorCheck("open files", .skipped, "nobody can tell the limit")
        }
        guard limit.rlim_cur >= filesMin else {
            return DoctorCheck(
                "open files", .failed, "at most \(limit.rlim_cur)", mend: "run `ulimit -n 65536` in this shell first")
        }
        return DoctorCheck("open files", .ok, "at most \(limit.rlim_cur)")
    }
}

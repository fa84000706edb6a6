import Foundation
import Glibc
import Stack

/// The native stack: what it is made of, and whether it answers.
struct StackExam: Sendable {
    let stack: NativeStack?

    private static let setUp = "run compose/native/setup.sh"

    func checks() async -> [DoctorCheck] {
        guard let stack else {
            return [
                DoctorCheck(
                    "native stack", .failed, "no project of faultline's is around this folder",
                    mend: "run faultline inside its project's folder, or write a system file with addresses of your own"
                )
            ]
        }
        return [tools(stack.home)] + (await services(stack))
    }

    private func tools(_ home: StackHome) -> DoctorCheck {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        func has(_ program: String, in folders: [String]) -> Bool {
            folders.contains { access("\($0)/\(program)", X_OK) == 0 }
        }
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let missing = [
            ("PostgreSQL's server", has("postgres", in: versions.map { "\(root)/\($0)/bin" })),
            ("redis-server", has("redis-server", in: folders + ["/usr/bin"])),
            ("pdftotext", has("pdftotext", in: folders)),
            ("the Python environment in \(home.python)", has("python", in: ["\(home.python)/bin"])),
        ].filter { !$0.1 }.map(\.0)
        guard missing.isEmpty else {
            return DoctorCheck("tools", .failed, "missing: \(missing.joined(separator: ", "))", mend: Self.setUp)
        }
        return DoctorCheck("tools", .ok, "everything that the native stack is made of is installed")
    }

    private func services(_ stack: NativeStack) async -> [DoctorCheck] {
        let reports: [ServiceReport]
        do {
            reports = try await stack.reports()
        } catch {
            return [DoctorCheck("native stack", .failed, "\(error)", mend: "run `faultline stack up`")]
        }
        guard reports.contains(where: { $0.state != .stopped }) else {
            return [
                DoctorCheck("native stack", .skipped, "not up; `faultline run` starts it, or `faultline stack up` now")
            ]
        }
        return reports.map { report in
            guard report.state != .healthy else {
                return DoctorCheck("service \(report.service)", .ok, "\(report.address ?? "?"), \(report.note)")
            }
            return DoctorCheck(
                "service \(report.service)", .failed, "\(report.state.rawValue); \(report.note)",
                mend: report.state == .unhealthy
                    ? "run `faultline stack down`, then `faultline stack up`"
                    : "run `faultline stack start \(report.service)`")
        }
    }
}

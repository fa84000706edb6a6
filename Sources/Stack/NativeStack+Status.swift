import Foundation

/// One service as found just now.
package struct ServiceReport: Hashable, Sendable, Codable {
    package enum State: String, Sendable, Codable {
        /// Runs, and answered its question.
        case healthy
        /// Runs, and did not answer.
        case unhealthy
        /// Ended by itself.
        case dead
        /// Stopped on purpose, or never started.
        case stopped
    }

    package var service: String
    package var state: State
    package var address: String?
    package var pid: Int32?
    /// Of all its processes.
    package var memoryBytes: Int?
    package var note: String
}

extension NativeStack {
    /// Asks every service again.
    package func reports() async throws -> [ServiceReport] {
        let state = try StackState.read(home: home)
        return await withTaskGroup(of: ServiceReport.self) { group in
            for service in services {
                group.addTask { await report(service, state) }
            }
            let order = services.map(\.name)
            let found = await group.reduce(into: [:]) { $0[$1.service] = $1 }
            return order.compactMap { found[$0] }
        }
    }

    private func report(_ service: any StackService, _ state: StackState?) async -> ServiceReport {
        guard let state, let entry = state[service.name], let process = entry.process else {
            return ServiceReport(service: service.name, state: .stopped, note: "")
        }
        let site = site(entry)
        var report = ServiceReport(
            service: service.name, state: .dead, address: site.address, note: "log: \(entry.log)")
        guard state.boot == ProcessIdentity.boot, process.isAlive else { return report }
        var family = family(service.name, leader: process, boot: state.boot)
        family.refresh()
        report.pid = process.id
        report.memoryBytes = family.memory
        do {
            report.note = try await service.probe(site, timeout: .seconds(3))
            report.state = .healthy
        } catch {
            report.note = "\(error)".split(separator: "\n").first.map(String.init) ?? ""
            report.state = .unhealthy
        }
        return report
    }
}

import Foundation
import Glibc

/// Takes one service from its definition to a server that answers.
struct ServiceStarter: Sendable {
    let service: any StackService
    let home: StackHome
    let journal: StackJournal
    let progress: @Sendable (StackProgress) -> Void

    /// On `ports` when it had some before, else on free ones, and on others when those are taken meanwhile.
    func start(on ports: [String: Int]?) async throws {
        let began = ContinuousClock.now
        progress(.starting(service.name))
        for attempt in 1... {
            let site = try makeSite(ports: ports)
            do {
                let note = try await startOnce(site)
                progress(.ready(service.name, after: ContinuousClock.now - began, note: note))
                return
            } catch let taken as PortTaken {
                progress(.portTaken(service.name, port: taken.port))
                guard ports == nil, attempt < 4 else {
                    throw failure("port \(taken.port) is taken by another process", site, remedy: "end that process")
                }
            }
        }
    }

    private struct PortTaken: Error { var port: Int }

    func makeSite(ports known: [String: Int]?) throws -> Site {
        // A stack that an earlier faultline started may lack a port.
        var ports = known ?? [:]
        let missing = service.portRoles.filter { ports[$0] == nil }
        for (role, port) in zip(missing, try Ports.free(missing.count)) { ports[role] = port }
        return Site(
            service: service.name, home: home, ports: ports, data: service.dataFolder(home: home),
            log: "\(home.logs)/\(service.name).log")
    }

    private func startOnce(_ site: Site) async throws -> String {
        for folder in [home.logs, site.data] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try await service.prepare(site)
        let command = try service.command(site)
        guard access(command.executable, X_OK) == 0 else {
            throw StackError(
                service: service.name, what: "\(command.executable) is missing or not executable",
                remedy: command.remedy)
        }
        let launch = Launch(
            executable: command.executable, arguments: command.arguments,
            environment: site.environment.merging(command.environment) { $1 }, folder: site.data, log: site.log)
        let logStart = (try? FileManager.default.attributesOfItem(atPath: site.log)[.size] as? Int) ?? 0
        let gated = try launch.start()
        let process = gated.process
        let entry = StackState.Service(
            name: service.name, process: process, ports: site.ports, log: site.log, data: site.data)
        // Should this throw, the gate is dropped, which ends the process.
        try await journal.record(entry) { service.announce(site, in: &$0) }
        gated.open()
        return try await answer(of: process, at: site, logStart: logStart)
    }

    /// Asks until it answers, it ends, or its time is up.
    private func answer(of process: ProcessIdentity, at site: Site, logStart: Int) async throws -> String {
        var family = ProcessFamily(
            leader: process, marker: .init(stack: home.stack, service: service.name))
        let deadline = ContinuousClock.now + service.readyWithin
        while true {
            try Task.checkCancellation()
            let exit = ChildExit.poll(process.id)
            if exit != nil || !process.isAlive {
                _ = await Termination.kill(family)
                if let port = site.ports.values.first(where: { !Ports.isFree($0) }) { throw PortTaken(port: port) }
                throw failure(exit?.description ?? "ended", site, logStart: logStart)
            }
            let last: any Error
            do {
                let note = try await service.probe(site, timeout: .seconds(2))
                family.refresh()
                if Ports.listens(family, on: site.port) == true { return note }
                last = PortTaken(port: site.port)
            } catch {
                last = error
            }
            family.refresh()
            if let port = site.ports.values.first(where: { Ports.listens(family, on: $0) == false }) {
                _ = await Termination.kill(family)
                throw PortTaken(port: port)
            }
            guard ContinuousClock.now < deadline else {
                throw failure(
                    "not ready after \(service.readyWithin.components.seconds) s; the last try: \(last)", site,
                    logStart: logStart)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func failure(_ what: String, _ site: Site, remedy: String? = nil, logStart: Int = 0) -> StackError {
        let log = SmallFile.bytes(site.log, limit: 64 << 20) ?? []
        let fresh = String(decoding: log.dropFirst(logStart), as: UTF8.self)
        return StackError(
            service: service.name, what: what, remedy: remedy, log: site.log,
            lastLines: fresh.split(separator: "\n").suffix(12).map { String($0.prefix(300)) })
    }
}

import Proxy
import Stores
import Temporal
import Wire

/// Whether what ingests documents can be started, and whether it is there. Nothing is submitted.
struct PipelineExam: Sendable {
    let system: System
    let limit: Duration

    private static let name = "pipeline"

    func checks() async -> [DoctorCheck] {
        switch system.pipeline {
        case .reference: [DoctorCheck(Self.name, .ok, "the reference worker is built in")]
        case .command(let command): [check(command)]
        case .http(let http): await checks(http)
        case .temporal(let temporal): await checks(temporal)
        }
    }

    private func check(_ command: CommandSpec) -> DoctorCheck {
        switch ProgramExam(program: command.words[0], folder: command.folder).look() {
        case .program(let path): DoctorCheck(Self.name, .ok, "\(path) is executable")
        case .nothing(let detail, let mend): DoctorCheck(Self.name, .failed, detail, mend: mend)
        }
    }

    // MARK: HTTP

    /// Each service is asked for its root, which submits nothing: whatever it answers, it is there.
    private func checks(_ http: HTTPSpec) async -> [DoctorCheck] {
        let places = places(http)
        guard !places.isEmpty else {
            return [DoctorCheck(Self.name, .skipped, "each lane has a service of its own, which only a run can tell")]
        }
        var checks: [DoctorCheck] = []
        for place in places {
            let name = "\(Self.name) \(place)"
            if let worker = system.worker(listeningAt: place) {
                checks.append(
                    DoctorCheck(name, .skipped, "the worker '\(worker)' is to listen there, once it is started"))
                continue
            }
            checks.append(
                await DoctorCheck.of(
                    name, within: limit, mend: "start the service, or see whether the URL in 'pipeline' is right"
                ) { [limit] in
                    let answer = try await HTTPClient(timeouts: Timeouts(connect: limit, call: limit)).send(
                        HTTPRequest(service: "pipeline", operation: "GET", method: "GET", url: "\(place)/"))
                    return DoctorCheck(name, .ok, "answers (status \(answer.status))")
                })
        }
        return checks
    }

    /// `http://HOST:PORT` of each service, past the links; those of lanes are known in a run alone.
    private func places(_ http: HTTPSpec) -> [String] {
        let upstreams = Dictionary(
            system.links.map { ($0.name, $0.upstream) }, uniquingKeysWith: { first, _ in first })
        let links = LaneVariables(links: system.links, stores: system.stores, addresses: upstreams)
        let urls = http.courses.values.flatMap { [$0.submit.request.url, $0.poll?.request.url ?? ""] }
        let places = urls.compactMap { url -> String? in
            guard let scheme = url.firstRange(of: "://") else { return nil }
            let host = links.fill(String(url[scheme.upperBound...].prefix { $0 != "/" }))
            guard Placeholders.names(in: host).isEmpty, !host.hasPrefix("unix:") else { return nil }
            // The upstream of a link may be a URL itself.
            let place = host.contains("://") ? host : url[..<scheme.upperBound] + host
            return place.hasSuffix("/") ? String(place.dropLast()) : place
        }
        return Set(places).sorted()
    }

    // MARK: Temporal

    private func checks(_ temporal: TemporalSpec) async -> [DoctorCheck] {
        guard let address = temporal.server else {
            return [
                DoctorCheck(
                    Self.name, .failed, "Temporal's address '\(temporal.address)' is no HOST:PORT",
                    mend: "write it in 'address'")
            ]
        }
        let server = await DoctorCheck.of(
            Self.name, within: limit, mend: "see whether 'address' in 'pipeline' is right and the server up"
        ) {
            let client = try TemporalClient(address)
            defer { client.abort() }
            let version = try await client.serverVersion()
            guard try await client.hasNamespace() else {
                return DoctorCheck(
                    Self.name, .failed, "there is no namespace '\(temporal.namespace)' at \(temporal.address)",
                    mend: "namespaces there: \(try await client.namespaces().sorted().joined(separator: ", "))")
            }
            return DoctorCheck(
                Self.name, .ok, "Temporal \(version) at \(temporal.address) has '\(temporal.namespace)'")
        }
        var checks = [server]
        for queue in Set(temporal.courses.values.map(\.taskQueue)).sorted() {
            let name = "task queue \(queue)"
            let reason =
                if server.state != .ok { "nobody can ask the server" } else { whoComesLater(to: queue) }
            if let reason {
                checks.append(DoctorCheck(name, .skipped, reason))
            } else {
                checks.append(await check(queue, name, address))
            }
        }
        return checks
    }

    /// Why nobody need poll a queue before a run; nil where somebody must.
    private func whoComesLater(to queue: String) -> String? {
        guard Placeholders.names(in: queue).isEmpty else { return "each run has its own" }
        return system.workers.isEmpty ? nil : "its workers may be those that a run starts"
    }

    private func check(_ queue: String, _ name: String, _ address: TemporalAddress) async -> DoctorCheck {
        let isBehindLink = system.links.contains { $0.service == .temporal }
        return await DoctorCheck.of(name, within: limit, mend: "see whether the server is up") {
            let client = try TemporalClient(address)
            defer { client.abort() }
            let pollers = try await client.pollers(of: queue)
            if let poller = pollers.max(by: { $0.lastAccess < $1.lastAccess }) {
                return DoctorCheck(name, .ok, "\(poller.identity) polls it")
            }
            if isBehindLink {
                return DoctorCheck(
                    name, .skipped,
                    "nobody polls it; workers behind the link to Temporal can only while a run has the link open")
            }
            return DoctorCheck(
                name, .failed, "no worker polls it",
                mend: "start a worker that does, or see whether 'task-queue' is right")
        }
    }
}

extension System {
    /// The managed worker that is to listen on the port of an address on this machine: `HOST:PORT`, or a URL.
    func worker(listeningAt address: String) -> String? {
        let bare = address.firstRange(of: "://").map { String(address[$0.upperBound...]) } ?? address
        return workers.first { worker in
            guard case .port(let port) = worker.readiness else { return false }
            return ["127.0.0.1", "localhost", "[::1]"].contains { bare == "\($0):\(port)" }
        }?.name
    }
}

import Faults
import Proxy
import Stores

/// Our own API, under `/v1`: what Toxiproxy's has no words for.
struct OwnAPI: Sendable {
    private let live: LiveLinks

    init(_ live: LiveLinks) { self.live = live }

    private typealias Handler = (APIRequest) async throws -> APIAnswer

    func answer(_ request: APIRequest) async -> APIAnswer {
        guard let handlers = handlers(Array(request.path.dropFirst())) else {
            return APIError(404, "there is nothing at this path; GET /v1/openapi.json says what there is").answer
        }
        guard let handler = handlers[request.method] else {
            let methods = handlers.keys.sorted().joined(separator: ", ")
            var answer = APIError(405, "this path knows \(methods)").answer
            answer.allow = methods
            return answer
        }
        do {
            return try await handler(request)
        } catch {
            return APIError(error).answer
        }
    }

    /// What there is at a path, by method.
    private func handlers(_ path: [String]) -> [String: Handler]? {
        guard !path.contains("") else { return nil }
        return switch (path.first, path.count) {
        case ("openapi.json", 1): ["GET": { _ in OpenAPI.answer }]
        case ("links", 1): ["GET": { _ in await links() }, "POST": { try await addLink($0.body) }]
        case ("links", 2):
            [
                "GET": { _ in .json(try await link(path[1])) },
                "PATCH": { try await changeLink(path[1], $0.body) },
                "DELETE": { _ in try await removeLink(path[1]) },
            ]
        case ("faults", 1):
            [
                "GET": { try await faults($0.query) }, "POST": { try await addFault($0.body) },
                "DELETE": { try await heal($0.query) },
            ]
        case ("faults", 2):
            [
                "GET": { _ in .json(try await fault(try number(path[1]))) },
                "PUT": { try await changeFault(try number(path[1]), $0.body) },
                "DELETE": { _ in try await removeFault(try number(path[1])) },
            ]
        case ("leases", 1): ["GET": { _ in await leases() }]
        case ("leases", 2):
            ["PUT": { try await take(path[1], $0.body) }, "DELETE": { _ in try await endLease(path[1]) }]
        case ("attachments", 1...3): attachments(Array(path.dropFirst()))
        case ("events", 1): ["GET": { try EventStream(live).answer($0.query) }]
        default: nil
        }
    }

    private func attachments(_ path: [String]) -> [String: Handler]? {
        let attach = AttachAPI(live)
        guard let owner = path.first else {
            return ["GET": { _ in try await attach.list() }, "POST": { try await attach.attach($0.body) }]
        }
        return switch path.count == 1 ? nil : path[1] {
        case nil:
            [
                "GET": { _ in try await attach.state(owner) }, "PUT": { try await attach.renew(owner, $0.body) },
                "DELETE": { _ in try await attach.detach(owner) },
            ]
        case "plan": ["PUT": { try await attach.plan(owner, $0.body) }]
        case "marks": ["POST": { try await attach.mark(owner, $0.body) }]
        case "history": ["GET": { _ in try await attach.history(owner) }]
        default: nil
        }
    }

    private func number(_ text: String) throws -> Int {
        guard let number = Int(text) else { throw LiveError.noFault(text) }
        return number
    }

    // MARK: Links

    private func links() async -> APIAnswer {
        let set = await live.now.set
        return .json(["links": .array(set.links.map { $0.json(set.faults(on: $0.name)) })])
    }

    private func link(_ name: String) async throws -> JSON {
        let set = await live.now.set
        return try set.link(name).json(set.faults(on: name))
    }

    private func addLink(_ body: [UInt8]) async throws -> APIAnswer {
        let link = try await live.add(LinkBody.link(body))
        return .json(link.json([]), status: 201)
    }

    private func changeLink(_ name: String, _ body: [UInt8]) async throws -> APIAnswer {
        try await live.change(name) { try LinkBody.change(body, of: &$0) }
        return .json(try await link(name))
    }

    private func removeLink(_ name: String) async throws -> APIAnswer {
        try await live.remove(name)
        return .done
    }

    // MARK: Faults

    private func faults(_ query: [String: String]) async throws -> APIAnswer {
        let isWanted = try Self.filter(query)
        let progress = try await live.progress()
        let (set, now) = await live.now
        let faults = set.faults.filter(isWanted).map { Self.json($0, set, now, progress) }
        return .json(["faults": .array(faults)])
    }

    private static func json(
        _ fault: LiveFault, _ set: LiveSet, _ now: Duration, _ progress: [Int: LinkWindows.Progress]
    ) -> JSON {
        fault.json(progress[fault.number], remaining: set.end(of: fault).map { max($0 - now, .zero) })
    }

    private func fault(_ number: Int) async throws -> JSON {
        let progress = try await live.progress()
        let (set, now) = await live.now
        return Self.json(try set.fault(number), set, now, progress)
    }

    private func addFault(_ body: [UInt8]) async throws -> APIAnswer {
        let fault = try await live.add(FaultBody.draft(body, links: live.now.set.links))
        let (set, now) = await live.now
        return .json(Self.json(fault, set, now, [fault.number: fault.beginning]), status: 201)
    }

    private func changeFault(_ number: Int, _ body: [UInt8]) async throws -> APIAnswer {
        _ = try await live.now.set.fault(number)
        let links = await live.now.set.links
        try await live.change(fault: number) { _ in try FaultBody.draft(body, links: links) }
        return .json(try await fault(number))
    }

    private func removeFault(_ number: Int) async throws -> APIAnswer {
        let gone = try await live.removeFaults { $0.number == number }
        guard !gone.isEmpty else { throw LiveError.noFault("\(number)") }
        return .done
    }

    private func heal(_ query: [String: String]) async throws -> APIAnswer {
        let isWanted = try Self.filter(query)
        return Self.healed(try await live.removeFaults(where: isWanted))
    }

    private static func healed(_ faults: [LiveFault]) -> APIAnswer {
        .json(["healed": .array(faults.map { .int($0.number) })])
    }

    /// Which faults a query means; all where it says nothing.
    private static func filter(_ query: [String: String]) throws -> @Sendable (LiveFault) -> Bool {
        let known = ["link", "name", "lease"]
        if let stray = query.keys.sorted().first(where: { !known.contains($0) }) {
            throw APIError(400, "there is no parameter '\(stray)'; known parameters: \(known.joined(separator: ", "))")
        }
        let (link, name, lease) = (query["link"], query["name"], query["lease"])
        return { fault in
            (link == nil || fault.link == link) && (name == nil || fault.name == name)
                && (lease == nil || fault.draft.lease == lease)
        }
    }

    // MARK: Leases

    private func leases() async -> APIAnswer {
        let (set, now) = await live.now
        return .json(["leases": .array(set.leases.map { $0.json(at: now, faults: set.faults) })])
    }

    private func take(_ owner: String, _ body: [UInt8]) async throws -> APIAnswer {
        guard !owner.isEmpty, owner.unicodeScalars.count <= 255 else {
            throw APIError(400, "an owner has 1 to 255 characters")
        }
        var members = try APIBody.object(body)
        guard let duration = try APIBody.lasting(&members) else {
            throw APIError(400, "the request needs the option 'for'; add \"for\": \"30s\"")
        }
        let scoping = try members.removeValue(forKey: "scope").map { json in
            Lease.Scoping(
                try ScopeReader.read(APIBody.node(json), at: APIBody.place("scope")), written: json)
        }
        try APIBody.spec(members).finish()
        let lease = try await live.take(owner, for: duration, scoping: scoping)
        let (set, now) = await live.now
        return .json(lease.json(at: now, faults: set.faults))
    }

    private func endLease(_ owner: String) async throws -> APIAnswer {
        Self.healed(try await live.endLease(owner))
    }
}

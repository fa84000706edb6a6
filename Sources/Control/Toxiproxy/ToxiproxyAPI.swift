import Proxy
import Stores

/// Toxiproxy's HTTP API, over links and faults that are ours. Every link is a proxy there; a fault is a toxic if it was made as one.
///
/// Source: github.com/Shopify/toxiproxy, api.go and toxic_collection.go of 2.12.
struct ToxiproxyAPI: Sendable {
    /// The version whose API this is. Clients look at it.
    static let version = "2.12.0"

    private let live: LiveLinks

    init(_ live: LiveLinks) { self.live = live }

    private typealias Handler = (APIRequest) async throws -> APIAnswer

    func answer(_ request: APIRequest) async -> APIAnswer {
        guard !request.userAgent.hasPrefix("Mozilla/") else { return .text("User agent not allowed\n", status: 403) }
        guard let handlers = handlers(request.path) else { return .text("404 page not found\n", status: 404) }
        guard let handler = handlers[request.method] else {
            return APIAnswer(status: 405, type: nil, allow: handlers.keys.sorted().joined(separator: ", "))
        }
        do {
            return try await handler(request)
        } catch {
            let error = ToxiproxyError(error)
            return .json(error.json, status: error.status)
        }
    }

    /// What there is at a path, by method.
    private func handlers(_ path: [String]) -> [String: Handler]? {
        guard !path.contains("") else { return nil }
        return switch (path.first, path.count) {
        case ("version", 1): ["GET": { _ in Self.versionAnswer }]
        case ("reset", 1): ["POST": { _ in try await reset() }]
        case ("populate", 1): ["POST": { await populate($0.body) }]
        case ("proxies", 1): ["GET": { _ in await proxies() }, "POST": { try await create($0.body) }]
        case ("proxies", 2):
            Self.updating(["GET": { _ in try await show(path[1]) }, "DELETE": { _ in try await delete(path[1]) }]) {
                try await update(path[1], $0.body)
            }
        case ("proxies", 3) where path[2] == "toxics":
            ["GET": { _ in try await toxics(path[1]) }, "POST": { try await createToxic(path[1], $0.body) }]
        case ("proxies", 4) where path[2] == "toxics":
            Self.updating([
                "GET": { _ in .json(try await toxic(path[1], path[3]).json) },
                "DELETE": { _ in try await deleteToxic(path[1], path[3]) },
            ]) { try await updateToxic(path[1], path[3], $0.body) }
        default: nil
        }
    }

    /// POST is an older word for PATCH there.
    private static func updating(_ handlers: [String: Handler], by update: @escaping Handler) -> [String: Handler] {
        handlers.merging(["POST": update, "PATCH": update]) { $1 }
    }

    private static let versionAnswer = APIAnswer(
        status: 200, type: "application/json;charset=utf-8", body: Array("{\"version\": \"\(version)\"}\n".utf8))

    // MARK: Proxies

    private func proxies() async -> APIAnswer {
        let set = await live.now.set
        let proxies = set.links.map { ($0.name, $0.toxiproxy(set.toxics(of: $0.name))) }
        return .json(.object(Dictionary(uniqueKeysWithValues: proxies)))
    }

    private func show(_ name: String) async throws -> APIAnswer {
        let set = await live.now.set
        return .json(try set.link(name).toxiproxy(set.toxics(of: name)))
    }

    private func create(_ body: [UInt8]) async throws -> APIAnswer {
        let proxy = try ToxiproxyProxy(ToxiproxyFields(body))
        let toxics = proxy.toxics ?? []
        let link = try await live.add(proxy.link(source: .api), with: toxics.map { $0.draft(on: proxy.name) })
        return .json(link.toxiproxy(toxics), status: 201)
    }

    private func update(_ name: String, _ body: [UInt8]) async throws -> APIAnswer {
        _ = try await live.now.set.link(name)
        let fields = try ToxiproxyFields(body)
        let listen = try fields.string("listen").map { ToxiproxyProxy.listen($0) }
        let upstream = try fields.string("upstream").map { ToxiproxyProxy.upstream($0) }
        let isEnabled = try fields.bool("enabled")
        let link = try await live.change(name) { link in
            // In the words of an answer it is where it is.
            if let listen, listen != link.listen { link.configuration.listen = listen }
            if let upstream { (link.configuration.upstream, link.configuration.looksUpLate) = (upstream, true) }
            if let isEnabled { link.isEnabled = isEnabled }
        }
        return .json(link.toxiproxy(await live.now.set.toxics(of: name)))
    }

    private func delete(_ name: String) async throws -> APIAnswer {
        try await live.remove(name)
        return .done
    }

    /// Makes those that are missing, and puts those that listen or lead elsewhere in the place of what there is.
    private func populate(_ body: [UInt8]) async -> APIAnswer {
        var populated: [JSON] = []
        do {
            for proxy in try ToxiproxyProxy.list(ToxiproxyFields.parse(body)) {
                let link = try await put(proxy)
                populated.append(link.toxiproxy(await live.now.set.toxics(of: proxy.name)))
            }
            return .json(["proxies": Self.list(populated)], status: 201)
        } catch {
            let error = ToxiproxyError(error)
            guard case .object(var members) = error.json else { return .json(error.json, status: error.status) }
            members["proxies"] = Self.list(populated)
            return .json(.object(members), status: error.status)
        }
    }

    /// None are `null` there.
    private static func list(_ proxies: [JSON]) -> JSON { proxies.isEmpty ? .null : .array(proxies) }

    private func put(_ proxy: ToxiproxyProxy) async throws -> LiveLink {
        let wanted = proxy.link(source: .api)
        let drafts = (proxy.toxics ?? []).map { $0.draft(on: proxy.name) }
        guard let standing = try? await live.now.set.link(proxy.name) else {
            return try await live.add(wanted, with: drafts)
        }
        guard standing.differs(from: wanted.configuration) else {
            if proxy.toxics != nil { try await replaceToxics(of: proxy.name, by: drafts) }
            return standing
        }
        // One that cannot be opened leaves what there is.
        let link = try await live.change(proxy.name) { link in
            link.configuration = wanted.configuration
            link.isEnabled = wanted.isEnabled
        }
        try await replaceToxics(of: proxy.name, by: drafts)
        return link
    }

    private func replaceToxics(of link: String, by drafts: [FaultDraft]) async throws {
        try await live.removeFaults { $0.link == link && $0.draft.toxic != nil }
        for draft in drafts { try await live.add(draft) }
    }

    /// Takes all toxics away and enables all proxies, as far as they can be.
    private func reset() async throws -> APIAnswer {
        try await live.removeFaults { $0.draft.toxic != nil }
        var failure: (any Error)?
        for link in await live.now.set.links where !link.isEnabled {
            do {
                try await live.change(link.name) { $0.isEnabled = true }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .done
    }

    // MARK: Toxics

    private func toxics(_ name: String) async throws -> APIAnswer {
        let set = await live.now.set
        return .json(try set.link(name).toxiproxy(set.toxics(of: name))["toxics"] ?? [])
    }

    private func toxic(_ name: String, _ toxic: String) async throws -> Toxic {
        let set = await live.now.set
        _ = try set.link(name)
        guard let toxic = set.toxics(of: name).first(where: { $0.name == toxic }) else { throw ToxiproxyError.noToxic }
        return toxic
    }

    private func createToxic(_ name: String, _ body: [UInt8]) async throws -> APIAnswer {
        _ = try await live.now.set.link(name)
        let toxic = try Toxic(ToxiproxyFields(body))
        try await live.add(toxic.draft(on: name))
        return .json(toxic.json)
    }

    private func updateToxic(_ name: String, _ toxic: String, _ body: [UInt8]) async throws -> APIAnswer {
        let number = try await number(name, toxic)
        let update = try Self.update(body)
        let fault = try await live.change(fault: number, to: update)
        return .json(fault.draft.toxic?.json ?? .null)
    }

    private static func update(_ body: [UInt8]) throws -> @Sendable (LiveFault) throws -> FaultDraft {
        let fields = try ToxiproxyFields(body)
        return { fault in
            guard let toxic = fault.draft.toxic else { throw ToxiproxyError.noToxic }
            return try toxic.updated(fields).draft(on: fault.link, source: fault.draft.source)
        }
    }

    private func deleteToxic(_ name: String, _ toxic: String) async throws -> APIAnswer {
        let number = try await number(name, toxic)
        let gone = try await live.removeFaults { $0.number == number }
        guard !gone.isEmpty else { throw ToxiproxyError.noToxic }
        return .done
    }

    private func number(_ name: String, _ toxic: String) async throws -> Int {
        try Self.number(of: toxic, on: name, in: await live.now.set)
    }

    private static func number(of toxic: String, on name: String, in set: LiveSet) throws -> Int {
        _ = try set.link(name)
        guard let fault = set.faults(on: name).first(where: { $0.draft.toxic?.name == toxic }) else {
            throw ToxiproxyError.noToxic
        }
        return fault.number
    }
}

extension LiveSet {
    fileprivate func toxics(of link: String) -> [Toxic] { faults(on: link).compactMap(\.draft.toxic) }
}

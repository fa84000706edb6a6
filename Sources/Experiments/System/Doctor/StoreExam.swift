import Consistency
import Foundation
import Stores

/// Reads each store that has footprints past the links, with an id that no document has. It only reads.
struct StoreExam: Sendable {
    let system: System
    /// The queries are those of the reference worker, which makes its tables on first use.
    let isReference: Bool
    let limit: Duration

    /// What a store answers when a table or a collection isn't there.
    private static let missing = ["42P01", "404"]

    private var timeouts: Timeouts { Timeouts(connect: limit, call: limit) }

    func checks() async -> [DoctorCheck] {
        await withTaskGroup(of: (Store, [DoctorCheck]).self) { group in
            for store in Store.allCases where system.kinds[store] != nil {
                group.addTask { (store, await checks(of: store)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private func checks(of store: Store) async -> [DoctorCheck] {
        let name = "store \(store.rawValue)"
        let address = system.stores[store] ?? ""
        let shown = StoreURL(address, defaultPort: 0)?.shown ?? store.rawValue
        let own = await DoctorCheck.of(
            name, within: limit, mend: "see whether \(shown) in 'stores' is right, up, and lets this user in"
        ) {
            try await greet(store, address)
            return DoctorCheck(name, .ok, "\(shown) can be read past the links")
        }
        let kinds = Record.Kind.allCases.filter { system.kinds[store]?.contains($0) == true }
        guard own.state == .ok else {
            return [own]
                + kinds.map { kind in
                    DoctorCheck("footprints.\(store.rawValue).\(kind.rawValue)", .skipped, "the store cannot be read")
                }
        }
        var checks = [own]
        for kind in kinds { checks.append(await footprint(store, kind)) }
        if let orphans = await orphans(store) { checks.append(orphans) }
        return checks
    }

    private func greet(_ store: Store, _ address: String) async throws {
        switch store {
        case .postgres:
            _ = try await PostgresClient(endpoint: address, connections: 1, timeouts: timeouts).query("SELECT 1")
        case .neo4j:
            _ = try await BoltClient(endpoint: address, connections: 1, timeouts: timeouts).run("RETURN 1 AS one")
        case .qdrant:
            _ = try await QdrantClient(endpoint: address, http: HTTPClient(timeouts: timeouts))
                .collectionExists("faultline-doctor")
        case .redis:
            _ = try await RedisClient(endpoint: address, connections: 1, timeouts: timeouts).command("PING")
        }
    }

    private func footprint(_ store: Store, _ kind: Record.Kind) async -> DoctorCheck {
        await query("footprints.\(store.rawValue).\(kind.rawValue)", of: store, only: kind) { reader in
            let found = try await reader.footprints(of: ["faultline-doctor-\(UUID().uuidString.lowercased())"])
            return found.allSatisfy(\.isEmpty)
        }
    }

    private func orphans(_ store: Store) async -> DoctorCheck? {
        let query = store == .postgres ? system.footprints.postgres.orphans : system.footprints.neo4j.orphans
        guard store == .postgres || store == .neo4j, query != nil else { return nil }
        return await self.query("footprints.\(store.rawValue).orphans", of: store, only: nil) { reader in
            _ = try await reader.orphans()
            return true
        }
    }

    /// - Parameter ask: false when an id that nobody has was found.
    private func query(
        _ name: String, of store: Store, only kind: Record.Kind?,
        _ ask: @escaping @Sendable (any FootprintReader) async throws -> Bool
    ) async -> DoctorCheck {
        var system = system
        if let kind { system.footprints = system.footprints.only(kind) }
        guard let reader = system.readers(timeouts: timeouts).first(where: { $0.store == store }) else {
            return DoctorCheck(name, .skipped, "nothing reads it")
        }
        let isReference = isReference
        return await DoctorCheck.of(name, within: limit, mend: "mend the query in 'footprints'") {
            do {
                guard try await ask(reader) else {
                    return DoctorCheck(
                        name, .failed, "it finds records of a document that doesn't exist",
                        mend: "let it ask for the documents of its parameter only")
                }
                return DoctorCheck(name, .ok, "the query runs")
            } catch let error as FootprintError
                where isReference && error.cause?.code.map(Self.missing.contains) == true
            {
                return DoctorCheck(name, .skipped, "not there yet: the reference worker makes it on first use")
            }
        }
    }
}

extension FootprintQueries {
    /// The same for records of one kind, so that a bad query shows by itself.
    fileprivate func only(_ kind: Record.Kind) -> FootprintQueries {
        func queries(_ all: Queries) -> Queries {
            Queries(
                document: kind == .document ? all.document : nil, chunk: kind == .chunk ? all.chunk : nil,
                entity: kind == .entity ? all.entity : nil)
        }
        var only = self
        only.postgres = queries(postgres)
        only.neo4j = queries(neo4j)
        only.qdrant = PointsByKind(
            document: kind == .document ? qdrant.document : nil, chunk: kind == .chunk ? qdrant.chunk : nil,
            entity: kind == .entity ? qdrant.entity : nil)
        only.redis = KeysByKind(
            document: kind == .document ? redis.document : nil, chunk: kind == .chunk ? redis.chunk : nil,
            entity: kind == .entity ? redis.entity : nil)
        return only
    }
}

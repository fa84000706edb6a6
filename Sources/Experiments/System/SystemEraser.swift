import Consistency
import Stores
import Wire

/// Deletes what a run left in the stores of a system, past the links. It goes on where one store fails.
package struct SystemEraser: Sendable {
    private let system: System
    private let timeouts = Timeouts(connect: .seconds(5), call: .seconds(60))

    package init(system: System) { self.system = system }

    /// - Parameter documents: the ids under which the stores know them.
    package func erase(documents: [String]) async -> Erasure {
        guard !documents.isEmpty else { return Erasure() }
        guard let cleanUp = system.cleanUp else { return await eraseReference(documents) }
        var erasure = Erasure()
        for store in Store.allCases where system.kinds[store] != nil || cleanUp.covers(store) {
            guard cleanUp.covers(store), let address = system.stores[store] else {
                erasure.kept.append(
                    "\(store.rawValue) keeps this run's records: 'clean-up' says nothing of \(store.rawValue)")
                continue
            }
            do {
                try await erase(documents, from: store, at: address, by: cleanUp)
            } catch {
                erasure.failures.append("this run's records in \(store.rawValue) could not be deleted: \(error)")
            }
        }
        return erasure
    }

    private func eraseReference(_ documents: [String]) async -> Erasure {
        guard let endpoints = system.endpoints else {
            return Erasure(kept: ["no store has an address, so nothing was deleted"])
        }
        do {
            try await FootprintEraser(endpoints: endpoints).erase(documents: documents)
            return Erasure()
        } catch {
            return Erasure(failures: ["this run's records could not be deleted: \(error)"])
        }
    }

    private func erase(
        _ documents: [String], from store: Store, at address: String, by cleanUp: CleanUp
    ) async throws {
        switch store {
        case .postgres:
            try await PostgresClient(endpoint: address, connections: 1, timeouts: timeouts).transaction { transaction in
                for statement in cleanUp.postgres {
                    try await transaction.query(statement, [PostgresArray.literal(documents)])
                }
            }
        case .neo4j:
            let parameters = ["documents": BoltValue.list(documents.map { .string($0) })]
            try await BoltClient(endpoint: address, connections: 1, timeouts: timeouts).transaction { transaction in
                for statement in cleanUp.neo4j { try await transaction.run(statement, parameters) }
            }
        case .qdrant:
            let client = QdrantClient(endpoint: address, http: HTTPClient(timeouts: timeouts))
            for points in cleanUp.qdrant {
                try await client.delete(where: .match(points.document, anyOf: documents), from: points.collection)
            }
        case .redis:
            let client = RedisClient(endpoint: address, connections: 1, timeouts: timeouts)
            for pattern in cleanUp.redis {
                for document in documents {
                    _ = try await client.command(["DEL", pattern.replacing("{document}", with: document)])
                }
            }
        }
    }
}

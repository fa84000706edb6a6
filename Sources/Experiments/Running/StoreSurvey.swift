import Consistency
import Stores

/// Reads all stores past the links.
struct StoreSurvey: Sendable {
    struct Found: Sendable {
        var footprints: [Store: [Footprint]] = [:]
        var orphans: [Store: [Orphan]] = [:]
        /// Why a store could not be read.
        var unreadable: [Store: String] = [:]
    }

    private let readers: [any FootprintReader]

    init(_ system: System) {
        readers = system.readers(timeouts: Timeouts(connect: .seconds(5), call: .seconds(60)))
    }

    /// Never throws: a store that cannot be read is part of what is found.
    func find(_ documents: [String]) async -> Found {
        await withTaskGroup(of: (Store, Result<([Footprint], [Orphan]), any Error>).self) { group in
            for reader in readers {
                group.addTask {
                    do {
                        let footprints = try await reader.footprints(of: documents)
                        return (reader.store, .success((footprints, try await reader.orphans())))
                    } catch {
                        return (reader.store, .failure(error))
                    }
                }
            }
            return await group.reduce(into: Found()) { found, answer in
                switch answer.1 {
                case .success(let (footprints, orphans)):
                    found.footprints[answer.0] = footprints
                    found.orphans[answer.0] = orphans
                case .failure(let error): found.unreadable[answer.0] = Self.words(error)
                }
            }
        }
    }

    /// The store's own error where there is one: the query is of no help to somebody whose store is down.
    private static func words(_ error: any Error) -> String {
        if let cause = (error as? FootprintError)?.cause { return "\(cause)" }
        return "\(error)"
    }
}

import Consistency
import Foundation
import Stores

/// Looks for what a pipeline leaves lying about beside its records.
struct ResidueProbe: Sendable {
    struct Found: Sendable {
        var residue: [Residue] = []
        /// The kinds that could be looked for.
        var sought: Set<Residue.Kind> = []
    }

    /// Of PostgreSQL, past the links; nil where there is none.
    let postgres: String?
    /// Where the pipeline was told to put its temporary files.
    let temporaryFolder: String

    /// - Parameter unfinished: submissions that the pipeline has begun and not ended; nil when it cannot tell.
    func find(unfinished: Int?) async -> Found {
        var found = Found()
        if let unfinished {
            found.sought.insert(.unfinishedSaga)
            found.residue += (0..<unfinished).map {
                Residue(kind: .unfinishedSaga, name: "submission \($0 + 1) of \(unfinished)")
            }
        }
        found.sought.insert(.temporaryFile)
        found.residue += files().map { Residue(kind: .temporaryFile, name: $0) }
        if let postgres, let open = await openTransactions(postgres) {
            found.sought.insert(.openTransaction)
            found.residue += open
        }
        return found
    }

    private func files() -> [String] {
        let names = FileManager.default.enumerator(atPath: temporaryFolder)?.compactMap { $0 as? String } ?? []
        return names.filter { name in
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: "\(temporaryFolder)/\(name)", isDirectory: &isFolder)
            return isThere && !isFolder.boolValue
        }.sorted()
    }

    /// A transaction that has waited for its client this long is one that nobody will end.
    private static let idleMax = 1.0
    private static let looksMax = 30

    /// Looks until none waits for its client, or one has waited too long. Nil when PostgreSQL cannot be asked.
    private func openTransactions(_ address: String) async -> [Residue]? {
        let client = PostgresClient(
            endpoint: address, connections: 1, timeouts: Timeouts(connect: .seconds(5), call: .seconds(10)))
        for _ in 0..<Self.looksMax {
            guard let rows = try? await client.query(Self.query).rows else { return nil }
            let old = rows.filter { ($0[1].flatMap(Double.init) ?? 0) > Self.idleMax }
            if rows.isEmpty || !old.isEmpty {
                return old.map { row in
                    Residue(kind: .openTransaction, store: .postgres, name: "process \(row[0] ?? "?"): \(row[2] ?? "")")
                }
            }
            guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return nil }
        }
        // Somebody is always in the middle of something: nobody can tell whose it is.
        return nil
    }

    private static let query = """
        SELECT pid, extract(epoch FROM now() - state_change), left(query, 200) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'
        """
}

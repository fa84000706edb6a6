package import Consistency
import Synchronization

/// Prepares a store before the first write, once a worker; after a failure, again with the next try.
package final class PreparedWriter: StoreWriter {
    private let writer: any StoreWriter
    private let isPrepared = Atomic(false)

    package init(_ writer: any StoreWriter) {
        self.writer = writer
    }

    package var store: Store { writer.store }

    package func prepare() async throws {
        guard !isPrepared.load(ordering: .acquiring) else { return }
        try await writer.prepare()
        isPrepared.store(true, ordering: .releasing)
    }

    package func stored(document: String) async throws -> ProcessedDocument? {
        try await prepare()
        return try await writer.stored(document: document)
    }

    package func write(_ document: ProcessedDocument) async throws {
        try await prepare()
        try await writer.write(document)
    }

    package func remove(document: String) async throws {
        try await prepare()
        try await writer.remove(document: document)
    }
}

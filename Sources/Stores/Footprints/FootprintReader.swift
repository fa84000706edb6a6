package import Consistency

/// Reads what documents left in one store, past the links. It only reads.
package protocol FootprintReader: Sendable {
    var store: Store { get }

    /// One footprint a document asked for, in the order asked; empty where the store holds nothing of it.
    func footprints(of documents: [String]) async throws -> [Footprint]

    /// Parts without a whole, anywhere in the store. Empty where the store's query for them is not given.
    func orphans() async throws -> [Orphan]
}

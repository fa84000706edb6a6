/// In which stores a document has records, by its stored id.
struct Presence {
    /// Stores with at least one record of it.
    var holding: [Store] = []
    /// Stores without any.
    var lacking: [Store] = []
    /// Stores that nobody could tell of.
    var unread: [Store] = []

    init(of storedID: String, in world: World) {
        for store in world.stores {
            switch world.records(of: storedID, in: store) {
            case nil: unread.append(store)
            case .some(let records) where records.isEmpty: lacking.append(store)
            case .some: holding.append(store)
            }
        }
    }
}

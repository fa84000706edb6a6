extension World {
    /// Why the stores cannot be judged as a whole, or nil. A gap never hides a violation that the rest shows.
    var gap: String? {
        if submissions.isEmpty { return "nothing was submitted" }
        if kinds.isEmpty { return "no store was named to be judged" }
        if let (store, reason) = unreadable.min(by: { $0.key < $1.key }) {
            return "\(store.rawValue) could not be read: \(reason)"
        }
        let cases = documents
        for store in stores {
            let asked = footprints[store] ?? [:]
            for document in cases {
                if let id = document.storedIDs.first(where: { asked[$0] == nil }) {
                    return "\(store.rawValue) was never asked about document \(id)"
                }
            }
        }
        let isEmpty = footprints.values.allSatisfy { $0.values.allSatisfy(\.isEmpty) }
        let isSuccessful = submissions.contains { $0.result == .succeeded }
        return isEmpty && !isSuccessful ? "nothing was there to check" : nil
    }
}

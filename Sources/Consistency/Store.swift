/// A store that one document is written to. The order is the order of reports.
package enum Store: String, CaseIterable, Hashable, Sendable, Codable {
    case postgres, neo4j, qdrant, redis
}

extension Store: Comparable {
    package static func < (left: Store, right: Store) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
}

extension Store: CodingKeyRepresentable {}

package import Consistency
package import Faults
package import Stores

extension FootprintQueries {
    /// Reads `footprints:`. A store that is left out isn't judged.
    package init(spec: inout Spec) throws(SpecError) {
        let postgres = try spec.optional("postgres", .queries(parameter: "$1"))
        let neo4j = try spec.optional("neo4j", .queries(parameter: "$documents"))
        let qdrant = try spec.optional(
            "qdrant",
            .mapping { spec throws(SpecError) in
                PointsByKind(
                    document: try spec.optional("document", .points), chunk: try spec.optional("chunk", .points),
                    entity: try spec.optional("entity", .points))
            })
        let redis = try spec.optional(
            "redis",
            .mapping { spec throws(SpecError) in
                KeysByKind(
                    document: try spec.optional("document", .keys), chunk: try spec.optional("chunk", .keys),
                    entity: try spec.optional("entity", .keys))
            })
        self.init(
            postgres: postgres ?? Queries(), neo4j: neo4j ?? Queries(), qdrant: qdrant ?? PointsByKind(),
            redis: redis ?? KeysByKind())
        // A misspelt store is the likelier reason for having none.
        try spec.finish()
        guard !kinds.isEmpty else {
            throw spec.place.error(
                "says of no store how to read it", mend: "leave it out for the reference worker's schema")
        }
    }

    /// The kinds of record that each store holds: those that there is a query for.
    package var kinds: [Store: Set<Record.Kind>] {
        let kinds: [Store: Set<Record.Kind>] = [
            .postgres: Set(Record.Kind.allCases.filter { postgres[$0] != nil }),
            .neo4j: Set(Record.Kind.allCases.filter { neo4j[$0] != nil }),
            .qdrant: Set(Record.Kind.allCases.filter { qdrant[$0] != nil }),
            .redis: Set(Record.Kind.allCases.filter { redis[$0] != nil }),
        ]
        return kinds.filter { !$0.value.isEmpty }
    }

    /// Stores that there is a query for orphans of.
    package var orphansSought: Set<Store> {
        Set([(Store.postgres, postgres), (.neo4j, neo4j)].filter { $0.1.orphans != nil }.map(\.0))
    }
}

extension SpecType where Value == FootprintQueries.Queries {
    /// Queries that ask for many documents at once by one parameter.
    fileprivate static func queries(parameter: String) -> SpecType {
        .mapping { spec throws(SpecError) in
            let queries = FootprintQueries.Queries(
                document: try spec.optional("document", .name), chunk: try spec.optional("chunk", .name),
                entity: try spec.optional("entity", .name), orphans: try spec.optional("orphans", .name))
            for kind in Record.Kind.allCases {
                guard let query = queries[kind], !query.contains(parameter) else { continue }
                throw spec.error(
                    kind.rawValue, "doesn't ask for the documents",
                    mend: "use \(parameter), which holds the ids of the documents")
            }
            if let orphans = queries.orphans, orphans.contains(parameter) {
                throw spec.error(
                    "orphans", "asks for documents", mend: "it has no \(parameter): orphans are sought everywhere")
            }
            return queries
        }
    }
}

extension SpecType where Value == FootprintQueries.Points {
    fileprivate static var points: SpecType {
        .mapping { spec throws(SpecError) in
            FootprintQueries.Points(
                collection: try spec.required("collection", .name), document: try spec.required("document", .name),
                key: try spec.required("key", .name), digest: try spec.optional("digest", .name))
        }
    }
}

extension SpecType where Value == FootprintQueries.Keys {
    fileprivate static var keys: SpecType {
        .mapping { spec throws(SpecError) in
            let keys = FootprintQueries.Keys(
                key: try spec.required("key", .name), type: try spec.required("type", .choice),
                identity: try spec.optional("identity", .name), digest: try spec.optional("digest", .name))
            guard keys.key.contains("{document}") else {
                throw spec.error(
                    "key", "has no {document} in it: '\(keys.key)'", mend: "write one such as document:{document}")
            }
            for option in ["identity", "digest"] where keys.type != .hash && spec.keys.contains(option) {
                throw spec.error(
                    option, "is for hashes only", mend: "leave it out: a \(keys.type.rawValue) has no fields")
            }
            return keys
        }
    }
}

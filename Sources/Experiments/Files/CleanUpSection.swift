package import Faults

extension CleanUp {
    /// Reads `clean-up:`. A store that is left out keeps what a run put into it.
    package init(spec: inout Spec) throws(SpecError) {
        self.init(
            postgres: try spec.optional("postgres", .list(of: .statement(parameter: "$1"))) ?? [],
            neo4j: try spec.optional("neo4j", .list(of: .statement(parameter: "$documents"))) ?? [],
            qdrant: try spec.optional(
                "qdrant",
                .list(
                    of: .mapping { spec throws(SpecError) in
                        Points(
                            collection: try spec.required("collection", .name),
                            document: try spec.required("document", .name))
                    })) ?? [],
            redis: try spec.optional(
                "redis",
                .list(
                    of: .template("a key", example: "article:{document}", known: ["document"], needed: ["document"])))
                ?? [])
    }
}

extension SpecType where Value == String {
    /// A statement that deletes records of the documents in its parameter. One without it would delete those of others.
    fileprivate static func statement(parameter: String) -> SpecType {
        SpecType(example: "\"DELETE …\"") { node, place throws(SpecError) in
            let statement = try SpecType<String>.name.read(node, place)
            guard statement.contains(parameter) else {
                throw place.error(
                    "doesn't say of which documents: '\(statement)'",
                    mend:
                        "use \(parameter), which holds the ids of the run's documents, so that nobody else's are deleted"
                )
            }
            return statement
        }
    }
}

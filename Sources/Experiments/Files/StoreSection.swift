package import Faults

extension StoreAddresses {
    /// Reads `stores:`. A store that is left out has no address.
    package init(spec: inout Spec) throws(SpecError) {
        self.init(
            postgres: try spec.optional(
                "postgres", .store("postgresql", port: 5432, example: "postgresql://user:password@127.0.0.1:5432/app")),
            neo4j: try spec.optional(
                "neo4j", .store("bolt", port: 7687, example: "bolt://user:password@127.0.0.1:7687")),
            qdrant: try spec.optional("qdrant", .store("http", port: 6333, example: "http://127.0.0.1:6333")),
            redis: try spec.optional("redis", .store("redis", port: 6379, example: "redis://127.0.0.1:6379/0")),
            s3: try spec.optional("s3", .store("http", port: 80, example: "http://key:secret@127.0.0.1:4566")))
    }
}

extension SpecType where Value == String {
    /// `native`, or `SCHEME://user:password@host:port/path`, which is given back with its port. Errors don't show the text:
    /// there may be a password in it.
    fileprivate static func store(_ scheme: String, port: Int, example: String) -> SpecType {
        SpecType(example: example) { node, place throws(SpecError) in
            let mend = "write \(NativeAddress.word), or one such as \(example)"
            guard case .scalar(let text) = node.content else {
                throw place.error("must be an address, not \(node.summary)", mend: mend)
            }
            if text == NativeAddress.word { return text }
            guard let url = StoreURL(text.replacing(/^postgres:/, with: "postgresql:"), defaultPort: port) else {
                throw place.error("is no address of the form \(scheme)://user:password@host:port", mend: mend)
            }
            let schemes = scheme == "http" ? ["http", "https"] : [scheme]
            guard schemes.contains(url.scheme) else {
                throw place.error("has the scheme '\(url.scheme)'", mend: mend)
            }
            return url.text
        }
    }
}

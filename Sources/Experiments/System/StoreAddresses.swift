package import Consistency
import Proxy
package import Stores
import Wire

/// Where the stores are themselves, past the links: for reading, uploading and cleaning up. Forms as in `Endpoints`.
package struct StoreAddresses: Hashable, Sendable {
    package var postgres: String?
    package var neo4j: String?
    package var qdrant: String?
    package var redis: String?
    /// Documents are uploaded here.
    package var s3: String?

    package init(
        postgres: String? = nil, neo4j: String? = nil, qdrant: String? = nil, redis: String? = nil, s3: String? = nil
    ) {
        self.postgres = postgres
        self.neo4j = neo4j
        self.qdrant = qdrant
        self.redis = redis
        self.s3 = s3
    }

    package init(_ endpoints: Endpoints) {
        self.init(
            postgres: endpoints.postgres, neo4j: endpoints.neo4j, qdrant: endpoints.qdrant, redis: endpoints.redis,
            s3: endpoints.s3)
    }

    package subscript(store: Store) -> String? {
        switch store {
        case .postgres: postgres
        case .neo4j: neo4j
        case .qdrant: qdrant
        case .redis: redis
        }
    }

    /// Those that there are, by the names of their services.
    package var all: [(name: String, address: String)] {
        [("postgres", postgres), ("neo4j", neo4j), ("qdrant", qdrant), ("redis", redis), ("s3", s3)]
            .compactMap { name, address in address.map { (name, $0) } }
    }

    /// A store that has no address is the native stack's where the link to it leads there.
    mutating func fillNative(from links: [LinkConfiguration]) {
        let services = links.filter { $0.upstream == NativeAddress.word }.compactMap(\.service)
        if services.contains(.postgres) { postgres = postgres ?? NativeAddress.word }
        if services.contains(.neo4j) { neo4j = neo4j ?? NativeAddress.word }
        if services.contains(.qdrant) { qdrant = qdrant ?? NativeAddress.word }
        if services.contains(.redis) { redis = redis ?? NativeAddress.word }
        if services.contains(.s3) { s3 = s3 ?? NativeAddress.word }
    }

    /// The same with the native stack's addresses filled in.
    func resolved(_ stack: Endpoints) -> StoreAddresses {
        func place(_ address: String?, _ native: String) -> String? {
            address == NativeAddress.word ? native : address
        }
        return StoreAddresses(
            postgres: place(postgres, stack.postgres), neo4j: place(neo4j, stack.neo4j),
            qdrant: place(qdrant, stack.qdrant), redis: place(redis, stack.redis), s3: place(s3, stack.s3))
    }
}

import Wire

/// Every kind of fault, in the order of the reference: of bytes, of connections, of messages. A new kind is a file in `Kinds` and a line here.
package enum FaultCatalogue {
    package static let all: [any Fault.Type] = [
        Latency.self,
        Bandwidth.self,
        Slice.self,
        Limit.self,
        Corrupt.self,
        SlowClose.self,
        Refuse.self,
        SlowConnect.self,
        Reset.self,
        Close.self,
        HalfClose.self,
        Blackhole.self,
        Partition.self,
        ConnectionLimit.self,
        Flap.self,
        Status.self,
        RemoveHeader.self,
        Truncate.self,
    ]

    /// How `inject: { KIND: { ATTRIBUTES } }` is read: refuses a kind that is unknown, or that the link cannot express.
    static func type(link: String, linkProtocol: LinkProtocol) -> SpecType<any Fault> {
        SpecType(example: "{ latency: { delay: 200ms } }") { node, place throws(SpecError) in
            let tag = try SpecType<SpecTag>.tag.read(node, place)
            guard let type = all.first(where: { $0.kind == tag.name }) else {
                throw tag.unknown("fault", known: all.map { $0.kind })
            }
            guard type.protocols.contains(linkProtocol) else {
                let able = all.filter { $0.protocols.contains(linkProtocol) }.map { $0.kind }
                throw tag.place.error(
                    "cannot inject '\(tag.name)': the link '\(link)' speaks \(linkProtocol.rawValue)",
                    mend: "faults that \(linkProtocol.rawValue) can express: \(able.joined(separator: ", "))")
            }
            return try tag.read { (options: inout Spec) throws(SpecError) -> any Fault in
                try type.init(spec: &options)
            }
        }
    }
}

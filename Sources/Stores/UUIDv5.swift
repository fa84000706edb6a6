/// Name-based identifiers (RFC 9562, section 5.5): the same name always gives the same identifier, in every language.
package enum UUIDv5 {
    /// The RFC's URL namespace (`uuid.NAMESPACE_URL` in Python).
    package static let urlNamespace: [UInt8] = [
        0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
    ]

    /// The identifier of a name, in lower case with hyphens.
    package static func string(_ name: String, namespace: [UInt8] = urlNamespace) -> String {
        precondition(namespace.count == 16, "a namespace is a UUID")
        var bytes = Array(Digest.sha1(namespace + Array(name.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x50
        bytes[8] = bytes[8] & 0x3f | 0x80
        let groups = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        return groups.map { Hex.string($0) }.joined(separator: "-")
    }
}

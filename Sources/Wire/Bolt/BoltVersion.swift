/// A version of the Bolt protocol.
package struct BoltVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var major: Int
    package var minor: Int

    package init(_ major: Int, _ minor: Int) { (self.major, self.minor) = (major, minor) }

    /// As the handshake writes it: 0, how many lower minor versions are meant too, minor, major.
    init(_ bytes: RawSpan, at index: Int) {
        self.init(Int(bytes.byte(at: index + 3)), Int(bytes.byte(at: index + 2)))
    }

    package static func < (one: BoltVersion, other: BoltVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }

    package var description: String { "\(major).\(minor)" }

    /// Versions whose messages are read: those in chunks with RUN, PULL and DISCARD of so many records.
    var isRead: Bool { (4...6).contains(major) }

    /// HELLO does not authenticate; LOGON does.
    package var hasLogon: Bool { self >= BoltVersion(5, 1) }

    /// A FAILURE has a GQL status, and Neo4j's code in `neo4j_code`.
    package var hasGQLStatus: Bool { self >= BoltVersion(5, 7) }
}

/// What a server answers to a handshake.
package enum BoltAgreement: Hashable, Sendable {
    case version(BoltVersion)
    /// The client is to choose from the server's list.
    case manifest
    /// None of the versions that were offered.
    case nothing
}

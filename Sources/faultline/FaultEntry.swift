import Faults
import Wire

/// A fault for programs.
struct FaultEntry: Encodable {
    struct Attribute: Encodable {
        var name: String
        var type: String
        var required: Bool
        /// What holds where it is left out, in words.
        var fallback: String?
        var meaning: String
        var example: String

        enum CodingKeys: String, CodingKey {
            case name, type, required, meaning, example
            case fallback = "default"
        }
    }

    var name: String
    var group: String
    var summary: String
    var protocols: [String]
    /// The services whose links can express it; none where any can.
    var services: [String]?
    /// What it is asked about: `messages`, `connections` or `listeners`.
    var target: String
    var direction: String?
    /// What counts as one strike.
    var strike: String
    var attributes: [Attribute]
    var example: String
    /// A whole `faults:` section.
    var section: String

    init(_ fault: any Fault.Type) {
        name = fault.kind
        group = FaultCatalogue.groups.first { $0.faults.contains { $0.kind == fault.kind } }?.group.rawValue ?? ""
        summary = fault.summary
        protocols = fault.protocols.map(\.rawValue)
        services = fault.services?.map(\.rawValue)
        target = fault.target.rawValue
        direction = fault.direction?.rawValue
        strike = fault.strike
        attributes = fault.attributes.map {
            Attribute(
                name: $0.name, type: $0.type, required: $0.isRequired, fallback: $0.fallback, meaning: $0.meaning,
                example: $0.example)
        }
        example = fault.injection
        section = fault.exampleSection
    }
}

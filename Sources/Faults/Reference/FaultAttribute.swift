/// One option of a fault, for the reference.
package struct FaultAttribute: Hashable, Sendable {
    package var name: String
    /// What is written there: `time`, `size`, `text`.
    package var type: String
    /// A value that can be written.
    package var example: String
    /// What holds where it is left out, in words; `nil` where it must be there.
    package var fallback: String?
    package var meaning: String

    package var isRequired: Bool { fallback == nil }

    /// One that must be there.
    package static func required(_ name: String, _ type: String, _ example: String, _ meaning: String) -> Self {
        Self(name: name, type: type, example: example, fallback: nil, meaning: meaning)
    }

    /// One that may be left out.
    package static func optional(
        _ name: String, _ type: String, _ example: String, or fallback: String, _ meaning: String
    ) -> Self {
        Self(name: name, type: type, example: example, fallback: fallback, meaning: meaning)
    }

    /// How long a body may be of a fault that needs the whole of it.
    static func upTo(_ fallback: String) -> Self {
        .optional(
            "up-to", "size", "1MiB", or: fallback,
            "the largest body that is waited for; a longer one passes as it is, and is told as not struck")
    }
}

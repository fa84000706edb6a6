import Testing
import Wire

/// A stream of bytes and what there is in it. `~` stands for the end of a line.
struct DecoderCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var direction: Direction
    var methods: [String] = []
    var bytes: [UInt8]
    /// As `Transcript` writes it.
    var expected: [String]

    static func requests(_ name: String, _ text: String, _ expected: String...) -> Self {
        Self(testDescription: name, direction: .request, bytes: encoded(text), expected: expected)
    }

    static func answers(_ name: String, to methods: String..., is text: String, _ expected: [String]) -> Self {
        Self(testDescription: name, direction: .response, methods: methods, bytes: encoded(text), expected: expected)
    }

    static func encoded(_ text: String) -> [UInt8] { Array(text.replacing("~", with: "\r\n").utf8) }
}

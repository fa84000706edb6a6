/// A piece of a page. Text becomes markup by way of `init(_:)` alone, which escapes it, so no value can break out of its place.
package struct HTML: Hashable, Sendable {
    package typealias Attributes = KeyValuePairs<StaticString, String>

    package private(set) var markup: String

    /// Escaped text.
    package init(_ text: some StringProtocol) { markup = Self.escaped(text) }

    private init(markup: String) { self.markup = markup }

    /// One after the other.
    package init(_ parts: [HTML]) { markup = parts.map(\.markup).joined() }

    package static let nothing = HTML(markup: "")

    /// An element with its children; its name is fixed at compile time.
    package static func element(
        _ name: StaticString, _ attributes: Attributes = [:], _ children: HTML...
    ) -> HTML {
        element(name, attributes, children)
    }

    package static func element(_ name: StaticString, _ attributes: Attributes = [:], _ children: [HTML]) -> HTML {
        HTML(markup: open(name, attributes) + ">" + children.map(\.markup).joined() + "</\(name)>")
    }

    /// An element that never has children, as SVG's shapes and `meta`.
    package static func void(_ name: StaticString, _ attributes: Attributes) -> HTML {
        HTML(markup: open(name, attributes) + "/>")
    }

    /// A style sheet, which is the program's own.
    static func style(_ sheet: StaticString) -> HTML { HTML(markup: "<style>\n\(sheet)\n</style>") }

    /// One file: no script, nothing from elsewhere.
    static func page(title: String, main: [HTML]) -> String {
        let head = [
            void("meta", ["charset": "utf-8"]),
            void("meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"]),
            element("title", [:], HTML(title)), style(PageStyle.sheet), HTML(markup: "\n"),
        ]
        let body = element("body", [:], element("main", [:], main))
        return "<!DOCTYPE html>\n" + element("html", ["lang": "en"], element("head", [:], head), body).markup + "\n"
    }

    private static func open(_ name: StaticString, _ attributes: Attributes) -> String {
        "<\(name)" + attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
    }

    /// Also what would turn the reading direction of what follows, or is no character of HTML, is made visible.
    static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x26: result += "&amp;"
            case 0x3C: result += "&lt;"
            case 0x3E: result += "&gt;"
            case 0x22: result += "&quot;"
            case 0x27: result += "&#39;"
            case 0x09, 0x0A: result.unicodeScalars.append(scalar)
            case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF:
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Escaped like any text.
    package init(stringLiteral text: String) { self.init(text) }
}

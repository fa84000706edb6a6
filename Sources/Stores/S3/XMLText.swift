/// As much of XML as S3's answers use: elements by name, text with the five entities and character references.
struct XMLText {
    private let source: String

    init(_ source: String) {
        self.source = source
    }

    /// The raw content of the first element of this name, at any depth. An empty element gives an empty text.
    func first(_ name: String) -> String? { all(name, limit: 1).first }

    /// The text of the first element of this name.
    func text(_ name: String) -> String? { first(name).map(Self.unescape) }

    /// The raw contents of all elements of this name, none of which may hold another of the same name.
    func all(_ name: String, limit: Int = .max) -> [String] {
        var contents: [String] = []
        var rest = source[...]
        while contents.count < limit, let open = rest.firstRange(of: "<\(name)") {
            rest = rest[open.upperBound...]
            guard let next = rest.first, next == ">" || next == "/" || next.isWhitespace,
                let end = rest.firstIndex(of: ">")
            else { continue }
            let isEmpty = rest[..<end].last == "/"
            rest = rest[rest.index(after: end)...]
            if isEmpty {
                contents.append("")
            } else {
                guard let close = rest.firstRange(of: "</\(name)>") else { return contents }
                contents.append(String(rest[..<close.lowerBound]))
                rest = rest[close.upperBound...]
            }
        }
        return contents
    }

    static func escape(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\r": output += "&#13;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    private static func unescape(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        return text.replacing(/&(#x[0-9a-fA-F]+|#[0-9]+|[a-z]+);/) { match in
            let name = match.1
            if let character = named[String(name)] { return character }
            let code = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
            return code.flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? String(match.0)
        }
    }
}

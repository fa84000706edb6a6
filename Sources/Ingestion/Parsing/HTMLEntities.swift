/// Character references of HTML: `&amp;`, `&#233;`, `&#xE9;`. Unknown ones stay as they are.
enum HTMLEntities {
    static func decode(_ source: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(source.count)
        var position = 0
        while position < source.count {
            if source[position] == UInt8(ascii: "&"), let (scalar, length) = reference(source, at: position) {
                output.append(contentsOf: String(Character(scalar)).utf8)
                position += length
            } else {
                output.append(source[position])
                position += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The longest name below is 7 bytes, the longest number 8.
    private static let lengthMax = 12

    private static func reference(_ source: [UInt8], at start: Int) -> (Unicode.Scalar, length: Int)? {
        let window = source[(start + 1)..<min(source.count, start + lengthMax)]
        guard let semicolon = window.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: source[(start + 1)..<semicolon], as: UTF8.self)
        guard let scalar = named[name] ?? numbered(name) else { return nil }
        return (scalar, semicolon - start + 1)
    }

    private static func numbered(_ name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        let code = isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let code, code >= 0x20, code != 0x7F else { return nil }
        return Unicode.Scalar(code)
    }

    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "copy": "\u{A9}", "reg": "\u{AE}",
        "euro": "\u{20AC}", "pound": "\u{A3}", "yen": "\u{A5}", "sect": "\u{A7}", "deg": "\u{B0}", "middot": "\u{B7}",
        "ndash": "\u{2013}", "mdash": "\u{2014}", "hellip": "\u{2026}", "bull": "\u{2022}", "trade": "\u{2122}",
        "lsquo": "\u{2018}", "rsquo": "\u{2019}", "ldquo": "\u{201C}", "rdquo": "\u{201D}", "laquo": "\u{AB}",
        "raquo": "\u{BB}", "szlig": "\u{DF}", "auml": "\u{E4}", "ouml": "\u{F6}", "uuml": "\u{FC}", "Auml": "\u{C4}",
        "Ouml": "\u{D6}", "Uuml": "\u{DC}", "eacute": "\u{E9}", "egrave": "\u{E8}", "agrave": "\u{E0}",
        "ccedil": "\u{E7}", "ntilde": "\u{F1}", "aring": "\u{E5}", "oslash": "\u{F8}",
    ]
}

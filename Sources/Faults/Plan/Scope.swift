package import Wire

/// Whose messages and connections a fault may strike: those of one user of the links among several, such as a test. A message is
/// his if one mark of it says so; a connection, if its port does.
package struct Scope: Hashable, Sendable {
    /// HTTP: of the request, whichever way the message goes.
    package var headers: [ContentPattern.Header]
    /// Redis: one key of the command, where it has several.
    package var keys: [Glob]
    /// Documents' ids, as whole words in a key, a path, a statement or its parameters.
    package var documents: [String]
    /// Ports from which clients connect.
    package var ports: [ClosedRange<Int>]

    package init(
        headers: [ContentPattern.Header] = [], keys: [Glob] = [], documents: [String] = [],
        ports: [ClosedRange<Int>] = []
    ) {
        self.headers = headers
        self.keys = keys
        self.documents = documents
        self.ports = ports
    }

    /// Whether all messages of a connection are his.
    func contains(port: Int) -> Bool { ports.contains { $0.contains(port) } }

    func contains(_ message: Message) -> Bool {
        if contains(port: message.clientPort) { return true }
        let content = message.content
        if headers.contains(where: { $0.matches(content.requestHeaders) }) { return true }
        if keys.contains(where: { $0.matches(message.key) || content.moreKeys.contains(where: $0.matches) }) {
            return true
        }
        guard !documents.isEmpty else { return false }
        let texts = [message.key, content.path, content.statement] + content.moreKeys
        return documents.contains { document in
            texts.contains { Self.names(document, in: $0) }
                // A length may stand before a value, as any byte.
                || Self.names(document, in: content.parameters, afterAnything: true)
        }
    }

    /// Why a fault on a link could strike nothing of his, or must strike what is everybody's; `nil` where neither is so. Goes on
    /// after `FAULT on LINK, which`.
    package func uselessness(of fault: any Fault.Type, on link: LinkTraits) -> String? {
        switch fault.target {
        case .listeners: return "strikes the listening sockets of all"
        case .processes: return "strikes the process of all"
        case .connections where ports.isEmpty:
            return "strikes connections, and the scope tells its own by messages alone: add 'source-port'"
        case .connections, .messages: break
        }
        // Each mark with the protocols that know it.
        let marks: [(name: String, isThere: Bool, protocols: [LinkProtocol])] = [
            ("header", !headers.isEmpty, [.http]),
            // Those of the others are hashes.
            ("key", !keys.isEmpty, [.http, .redis]),
            ("document", !documents.isEmpty, LinkProtocol.withMessages),
            ("source-port", !ports.isEmpty, LinkProtocol.allCases),
        ]
        let known = marks.filter { $0.protocols.contains(link.linkProtocol) }
        guard !known.contains(where: \.isThere) else { return nil }
        let names = known.map { "'\($0.name)'" }.joined(separator: ", ")
        return "speaks \(link.linkProtocol.rawValue) and knows only these marks: \(names)"
    }

    /// - Parameter afterAnything: what stands before does not matter.
    static func names(_ word: String, in text: String, afterAnything: Bool = false) -> Bool {
        guard !word.isEmpty, text.utf8.count >= word.utf8.count else { return false }
        var (text, word) = (text, word)
        return text.withUTF8 { text in
            word.withUTF8 { word in
                for start in 0...text.count - word.count where text[start] == word[0] {
                    let end = start + word.count
                    if (afterAnything || start == 0 || !isOfWord(text[start - 1]))
                        && (end == text.count || !isOfWord(text[end]))
                        && text[start..<end].elementsEqual(word)
                    {
                        return true
                    }
                }
                return false
            }
        }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

extension Window {
    /// The same window for what one user of the links sends alone.
    package func scoped(to scope: Scope?) -> Window {
        var window = self
        window.selector.scope = scope
        return window
    }
}

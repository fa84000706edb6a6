import Control
import Faults
import Proxy
import Wire

extension LiveLink {
    static func test(_ name: String = "a", to upstream: String = "127.0.0.1:1", isEnabled: Bool = true) -> LiveLink {
        LiveLink(
            LinkConfiguration(name: name, linkProtocol: .tcp, upstream: upstream), source: .api, isEnabled: isEnabled)
    }
}

extension FaultDraft {
    /// A fault as a file would have it.
    static func test(
        _ kind: String, _ options: KeyValuePairs<String, String> = [:], on link: String = "a", name: String? = nil,
        when selector: KeyValuePairs<String, String> = [:], over linkProtocol: LinkProtocol = .tcp,
        lasting: Duration? = nil, lease: String? = nil
    ) -> FaultDraft {
        let mark = SpecNode.Mark(line: 1, column: 1)
        func entry(_ key: String, _ content: SpecNode.Content) -> SpecNode.Entry {
            SpecNode.Entry(key: key, mark: mark, node: SpecNode(content, at: mark))
        }
        func mapping(_ pairs: KeyValuePairs<String, String>) -> SpecNode.Content {
            .mapping(pairs.map { entry($0.key, .scalar($0.value)) })
        }
        var entries = [entry("on", .scalar(link)), entry("inject", .mapping([entry(kind, mapping(options))]))]
        if !selector.isEmpty { entries.append(entry("when", mapping(selector))) }
        let spec = try! Spec(file: "a.yaml", root: SpecNode(.mapping(entries), at: mark))
        let window = try! WindowReader.read([spec], links: [link: LinkTraits(linkProtocol)])[0]
        return FaultDraft(link: link, name: name, window: window, lasting: lasting, lease: lease)
    }
}

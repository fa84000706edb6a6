import Experiments
package import Faults
import Proxy
package import Stores

/// The file of a standing proxy, ours or Toxiproxy's, as it was read.
struct StandingFile {
    var links: [LiveLink]
    /// In the order of the file.
    var faults: [FaultDraft]
    var seed: UInt64 = 0
    var threads: Int?
    /// Hosts beyond this machine that may be broken.
    var allowed: [String] = []
    private(set) var text = ""
    private let source: ProxyFile?

    /// - Parameter others: links that are not in the file.
    static func read(_ path: String, beside others: [LinkConfiguration]) throws(SpecError) -> StandingFile {
        let text = try YAMLFile.text(of: path)
        var read = try parse(text, path, beside: others)
        read.text = text
        return read
    }

    private static func parse(
        _ text: String, _ path: String, beside others: [LinkConfiguration]
    ) throws(SpecError) -> StandingFile {
        guard ToxiproxyFile.isOne(text) else { return try StandingFile(try ProxyFile.read(path), beside: others) }
        let file = try ToxiproxyFile.parse(text, file: path)
        return StandingFile(
            links: file.links.map {
                LiveLink($0, source: .file, isEnabled: !file.disabled.contains($0.name))
            }, faults: file.toxics, source: nil)
    }

    private init(links: [LiveLink], faults: [FaultDraft], source: ProxyFile?) {
        (self.links, self.faults, self.source) = (links, faults, source)
    }

    private init(_ file: ProxyFile, beside others: [LinkConfiguration]) throws(SpecError) {
        let windows = try file.plan(beside: others, after: 0).windows
        links = file.links.map { LiveLink($0, source: .file) }
        faults = zip(windows, file.faults).map { window, node in
            FaultDraft(link: window.link, name: window.ownName, window: window, written: JSON(node), source: .file)
        }
        (seed, threads, allowed, source) = (file.seed, file.threads, file.allow, file)
    }

    /// What is wrong with a link, at its place in the file; the error itself where the file doesn't say.
    func placed(_ error: any Error) -> any Error {
        guard let error = error as? LinkError, let source else { return error }
        return source.placed(error)
    }
}

extension JSON {
    /// What was written in a configuration file, every scalar as a text.
    package init(_ node: SpecNode) {
        switch node.content {
        case .empty: self = .null
        case .scalar(let text): self = .string(text)
        case .sequence(let nodes): self = .array(nodes.map { JSON($0) })
        case .mapping(let entries):
            self = .object(Dictionary(entries.map { ($0.key, JSON($0.node)) }, uniquingKeysWith: { $1 }))
        }
    }
}

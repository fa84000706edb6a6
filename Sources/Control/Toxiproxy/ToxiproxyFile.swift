import Faults
import Foundation
import Proxy
import Stores

/// Toxiproxy's own configuration file: a list of proxies in JSON. It may have toxics too.
struct ToxiproxyFile {
    let links: [LinkConfiguration]
    let disabled: [String]
    let toxics: [FaultDraft]

    /// Whether a file's text is one: ours never begins with a bracket.
    static func isOne(_ text: String) -> Bool {
        text.first { !$0.isWhitespace } == "["
    }

    /// - Throws: `SpecError`.
    static func parse(_ text: String, file: String) throws(SpecError) -> ToxiproxyFile {
        do {
            return try ToxiproxyFile(ToxiproxyProxy.list(ToxiproxyFields.parse(Array(text.utf8))))
        } catch {
            throw SpecError(
                file: file, line: 1, path: "",
                what: "is no configuration of Toxiproxy's: \(ToxiproxyError(error).message)",
                mend: "write [{\"name\": ..., \"listen\": ..., \"upstream\": ...}]")
        }
    }

    private init(_ proxies: [ToxiproxyProxy]) throws {
        var names: Set<String> = []
        for proxy in proxies where !names.insert(proxy.name).inserted { throw ToxiproxyError.proxyExists }
        links = proxies.map(\.configuration)
        disabled = proxies.filter { !$0.isEnabled }.map(\.name)
        toxics = proxies.flatMap { proxy in (proxy.toxics ?? []).map { $0.draft(on: proxy.name, source: .file) } }
    }
}

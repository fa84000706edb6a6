import Faults
package import Proxy
import Wire

/// Links that stand until they are told to end, and a file that can be read again while they do.
package actor StandingProxy {
    private let links: LocalLinks
    /// From the command line: they stay as they are.
    private let fixed: [LinkConfiguration]
    private let path: String?
    private let threads: Int
    /// From the file, as it was read last.
    private var filed: [LinkConfiguration]
    /// By the link's name.
    private var addresses: [String: [String]] = [:]
    private var windowsSoFar = 0
    private var inForce: [Window] = []

    /// Opens the links, with the file's faults in force from their first connection.
    ///
    /// - Parameters:
    ///   - fixed: links that are not in the file.
    ///   - path: the file; `nil` for none.
    ///   - threads: before what the file says.
    /// - Throws: `SpecError` or `LinkError`.
    package init(
        links fixed: [LinkConfiguration], file path: String?, threads: Int?, historyPath: String?
    ) async throws {
        let file = try path.map { path throws(SpecError) in try ProxyFile.read(path) }
        let plan = try file?.plan(beside: fixed, after: 0) ?? Plan()
        let all = fixed + (file?.links ?? [])
        guard !all.isEmpty else {
            throw LinkError(link: "*", what: "there are no links", mend: "name one in the file, or with --link")
        }
        self.threads = threads ?? file?.threads ?? 1
        (self.fixed, self.path, filed) = (fixed, path, file?.links ?? [])
        links = try LocalLinks(historyPath: historyPath, threads: self.threads)
        do {
            addresses = try await links.change(closing: [], opening: all, plan: plan)
        } catch {
            await links.close()
            throw (error as? LinkError).flatMap { file?.placed($0) } ?? error
        }
        (inForce, windowsSoFar) = (plan.windows, plan.windows.count)
    }

    /// Every link with where it listens and leads to, one a line.
    package var listing: [String] {
        (fixed + filed).map(listing(of:)) + inForce.map { "window \(Self.words($0))" }
    }

    private func listing(of link: LinkConfiguration) -> String {
        let addresses = addresses[link.name]?.joined(separator: " ") ?? "?"
        return "\(link.name)  \(link.linkProtocol.rawValue)  \(addresses)  ->  \(link.upstream)"
    }

    private static func words(_ window: Window) -> String { "\(window.id): \(window.name)" }

    /// Reads the file again. Links that are new open, links that are gone close, those that say something else are replaced,
    /// all others go on with their connections. The plan is replaced as a whole: its windows begin anew, under new numbers.
    ///
    /// - Throws: `SpecError` or `LinkError`; nothing has changed then.
    package func reload() async throws -> ProxyChange {
        guard let path else { return ProxyChange(links: [], windows: [], notes: ["there is no file to read again"]) }
        let file = try ProxyFile.read(path)
        let plan = try file.plan(beside: fixed, after: windowsSoFar)
        guard !fixed.isEmpty || !file.links.isEmpty else {
            throw LinkError(link: "*", what: "\(path) has no links any more", mend: "name one, or end the proxy")
        }
        let former = Dictionary(uniqueKeysWithValues: filed.map { ($0.name, $0) })
        let names = Set(file.links.map(\.name))
        let opening = file.links.filter { former[$0.name] != $0 }
        let gone = filed.filter { !names.contains($0.name) }
        let replaced = opening.map(\.name).filter { former[$0] != nil }
        do {
            let opened = try await links.change(
                closing: gone.map(\.name) + replaced, opening: opening, plan: plan)
            addresses.merge(opened) { $1 }
        } catch let error as LinkError {
            throw file.placed(error)
        }
        let goneListings = gone.map { (kind: ProxyChange.Kind.closed, listing: listing(of: $0)) }
        for link in gone { addresses[link.name] = nil }
        filed = file.links
        (inForce, windowsSoFar) = (plan.windows, windowsSoFar + plan.windows.count)
        var notes: [String] = []
        if let wanted = file.threads, wanted != threads {
            notes.append("threads stay \(threads) until the proxy is started anew")
        }
        let kept = file.links.map { link in
            let kind: ProxyChange.Kind = former[link.name].map { $0 == link ? .unchanged : .replaced } ?? .opened
            return (kind: kind, listing: listing(of: link))
        }
        return ProxyChange(links: kept + goneListings, windows: inForce.map(Self.words), notes: notes)
    }

    package func flushHistory() async throws -> HistoryCount { try await links.flushHistory() }

    package func close() async { await links.close() }
}

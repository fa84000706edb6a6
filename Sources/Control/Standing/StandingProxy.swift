import Experiments
import Faults
package import Proxy
import Stores
import Wire

/// Links that stand until they are told to end, and a file that can be read again while they do. Whoever changes them otherwise
/// does so by `live`.
package actor StandingProxy {
    package nonisolated let live: LiveLinks
    private nonisolated let allowance: Allowance
    /// From the command line: they stay as they are.
    private let fixed: [LinkConfiguration]
    private let path: String?
    /// What the file said when it was read last, whether or not it could be followed.
    private var text = ""
    private let threads: Int

    /// Opens the links, with the file's faults in force from the first connection of the file's.
    ///
    /// - Parameters:
    ///   - fixed: links that are not in the file.
    ///   - path: the file, ours or Toxiproxy's; `nil` for none.
    ///   - threads: before what the file says.
    ///   - allowed: hosts beyond this machine that may be broken, beside those of the file.
    /// - Throws: `SpecError`, `LinkError` or `LiveError`.
    package init(
        links fixed: [LinkConfiguration], file path: String?, threads: Int?, historyPath: String?,
        allowing allowed: [String] = []
    ) async throws {
        let file = try path.map { path throws(SpecError) in try StandingFile.read(path, beside: fixed) }
        text = file?.text ?? ""
        self.threads = threads ?? file?.threads ?? 1
        (self.fixed, self.path) = (fixed, path)
        let allowance = Allowance(allowed + fixed.compactMap { AllowedHosts.host(of: $0.upstream) })
        let links = try LocalLinks(historyPath: historyPath, threads: self.threads, isWatchable: true)
        live = LiveLinks(links, allowance: { try allowance.check($0) })
        self.allowance = allowance
        do {
            try await live.replaceAll(
                of: .commandLine, links: fixed.map { LiveLink($0, source: .commandLine) }, faults: [],
                seed: file?.seed ?? 0)
            if let file { try await apply(file) }
        } catch {
            await live.close()
            throw error
        }
    }

    @discardableResult
    private func apply(_ file: StandingFile) async throws -> [(kind: LiveLinks.LinkChange, link: LiveLink)] {
        let former = allowance.allowByFile(file.allowed)
        do {
            return try await live.replaceAll(
                of: .file, links: file.links, faults: file.faults, seed: file.seed
            ).changes
        } catch {
            allowance.allowByFile(former)
            throw file.placed(error)
        }
    }

    /// Every link with where it listens and leads to, one a line, and every fault.
    package var listing: [String] {
        get async {
            let set = await live.now.set
            return set.links.map { Self.listing(of: $0) } + set.faults.map { "window \(Self.words($0))" }
        }
    }

    private static func listing(of link: LiveLink) -> String {
        let addresses = link.addresses.isEmpty ? "disabled" : link.addresses.joined(separator: " ")
        let configuration = link.configuration
        return "\(link.name)  \(configuration.linkProtocol.rawValue)  \(addresses)  ->  \(configuration.upstream)"
    }

    private static func words(_ fault: LiveFault) -> String { "\(fault.number): \(fault.title)" }

    /// Reads the file again. Links that are new open, links that are gone close, those that say something else are replaced,
    /// all others go on with their connections. Its faults are replaced as a whole: their windows begin anew, under new numbers.
    /// What others have added stays.
    ///
    /// - Throws: `SpecError`, `LinkError` or `LiveError`; nothing has changed then.
    package func reload() async throws -> ProxyChange {
        guard let path else { return ProxyChange(links: [], windows: [], notes: ["there is no file to read again"]) }
        text = try YAMLFile.text(of: path)
        let file = try StandingFile.read(path, beside: fixed)
        let changes = try await apply(file)
        var notes: [String] = []
        if let wanted = file.threads, wanted != threads {
            notes.append("threads stay \(threads) until the proxy is started anew")
        }
        return ProxyChange(
            links: changes.map { ($0.kind, Self.listing(of: $0.link)) },
            windows: await live.now.set.faults.map(Self.words), notes: notes)
    }

    /// Reads the file again if it says something else than when it was read last.
    ///
    /// - Returns: `nil` where it does not.
    package func reloadIfChanged() async throws -> ProxyChange? {
        guard let path, try YAMLFile.text(of: path) != text else { return nil }
        return try await reload()
    }

    package func flushHistory() async throws -> HistoryCount { try await live.flushHistory() }

    package func close() async { await live.close() }
}

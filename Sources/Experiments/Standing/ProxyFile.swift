package import Faults
import Foundation
package import Proxy
import Wire

/// The configuration of a standing proxy as it was written: links as in system files, faults as in experiments.
package struct ProxyFile: Sendable {
    package var file: String
    /// In the order of the file.
    package var links: [LinkConfiguration]
    package var seed: UInt64
    package var threads: Int?
    /// As they were written, in the order of the file.
    package var faults: [SpecNode]
    /// Hosts beyond this machine that may be broken.
    package var allow: [String]
    private var specs: [Spec]
    /// Where each link stands.
    private var places: [String: SpecPlace]

    /// - Parameter variables: what `${VAR}` is filled in from.
    package static func read(
        _ path: String, variables: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SpecError) -> ProxyFile {
        try ProxyFile(try YAMLFile.read(path, filledFrom: variables))
    }

    package static func parse(_ text: String, file: String = "proxy.yaml") throws(SpecError) -> ProxyFile {
        try ProxyFile(try Spec(file: file, root: YAMLFile.parse(text, file: file)))
    }

    private init(_ spec: Spec) throws(SpecError) {
        var spec = spec
        file = spec.place.file
        let placed = try spec.optional("links", .placedLinks) ?? []
        links = placed.map(\.link)
        places = Dictionary(placed.map { ($0.link.name, $0.place) }, uniquingKeysWith: { first, _ in first })
        specs = try spec.optional("faults", .list(of: .spec)) ?? []
        faults = try spec.optional("faults", .list(of: .node)) ?? []
        seed = UInt64(try spec.optional("seed", .int(in: 0...Int.max)) ?? 0)
        threads = try spec.optional("threads", .int(in: 1...LocalLinks.threadsMax))
        allow = try spec.optional("allow", .list(of: .name)) ?? []
        try spec.finish()
        let allowed = AllowedHosts(hosts: Set(allow.map { $0.lowercased() }))
        for (link, place) in placed { try allowed.check(link.upstream, at: place) }
    }

    /// Reads the faults as windows.
    ///
    /// - Parameters:
    ///   - others: links that are not in the file.
    ///   - offset: the windows' numbers begin after it.
    /// - Throws: also for a link of the file that has the name of another.
    package func plan(beside others: [LinkConfiguration], after offset: Int) throws(SpecError) -> Plan {
        var traits = Dictionary(uniqueKeysWithValues: links.map { ($0.name, $0.traits) })
        for other in others where traits.updateValue(other.traits, forKey: other.name) != nil {
            throw (places[other.name] ?? start).error(
                "is the name of a link on the command line too", mend: "name links apart")
        }
        let windows = try WindowReader.read(specs, links: traits)
        return Plan(windows: windows.map { $0.renumbered(by: offset) }, seed: seed)
    }

    /// What is wrong with a link, at its place in the file; the error itself where the link is not in it.
    package func placed(_ error: LinkError) -> any Error {
        guard let place = places[error.link] else { return error }
        return place.error("cannot be opened: \(error.what)", mend: error.mend)
    }

    private var start: SpecPlace { SpecPlace(file: file, path: "", mark: .init(line: 1, column: 1)) }
}

extension SpecType where Value == [(link: LinkConfiguration, place: SpecPlace)] {
    /// Links by their names, with the lines that they stand in.
    fileprivate static var placedLinks: SpecType {
        .mapping { spec throws(SpecError) in
            var links: [(link: LinkConfiguration, place: SpecPlace)] = []
            for (name, options) in try spec.all(.spec) {
                var options = options
                let link = try LinkConfiguration(name: name, spec: &options, isStanding: true)
                guard link.upstream != NativeAddress.word else {
                    throw options.error(
                        "upstream", "is 'native', and a standing proxy has no stack of its own",
                        mend: "write the service's address")
                }
                try options.finish()
                links.append((link, options.place))
            }
            return links
        }
    }
}

import ArgumentParser
import Foundation
import Proxy
import Reports
import Stack
import Wire

/// `NAME=PROTOCOL,LISTEN,UPSTREAM`.
struct LinkArgument: ExpressibleByArgument, Sendable {
    let configuration: LinkConfiguration

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        let name = String(argument[..<equals])
        let parts = argument[argument.index(after: equals)...].split(
            separator: ",", maxSplits: 2, omittingEmptySubsequences: false
        ).map(String.init)
        guard !name.isEmpty, parts.count == 3, let linkProtocol = LinkProtocol(rawValue: parts[0]),
            !parts[1].isEmpty, !parts[2].isEmpty
        else { return nil }
        configuration = LinkConfiguration(
            name: name, linkProtocol: linkProtocol, service: Service(rawValue: name), listen: parts[1],
            upstream: parts[2])
    }
}

/// Links that stand until they are told to end.
struct ProxyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy",
        abstract: "Opens links without any fault and keeps them open until Ctrl-C.",
        discussion: """
            A link that has a service's name (\(Service.allCases.map(\.rawValue).joined(separator: ", "))) carries that
            service, so that its operations get their names in the history. Port 0 takes a free one.

            Examples:
              faultline proxy --link redis=tcp,127.0.0.1:0,127.0.0.1:6379
              faultline proxy --link s3=http,127.0.0.1:9000,http://127.0.0.1:4566 --history wire.ndjson
            """)

    @Option(
        help: ArgumentHelp(
            "A link; may be given again. Protocols: \(LinkProtocol.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "name=protocol,listen,upstream"))
    var link: [LinkArgument]

    @Option(help: ArgumentHelp("Writes the wire history here at the end, one JSON object a line.", valueName: "file"))
    var history: String?

    func validate() throws {
        if link.isEmpty { throw ValidationError("name at least one link: --link NAME=PROTOCOL,LISTEN,UPSTREAM") }
    }

    func run() async throws {
        let command = self
        try await Failure.reported {
            do {
                try await Interruption.cancelling { try await command.serve() }
            } catch is Interruption.Interrupted {
                // How a standing proxy ends.
            }
        }
    }

    private func serve() async throws {
        let spool = history.map { $0 + ".spool" }
        let links = try LocalLinks(historyPath: spool)
        do {
            let addresses = try await links.open(link.map(\.configuration))
            for one in link.map(\.configuration) {
                Console.output(
                    "\(one.name)  \(one.linkProtocol.rawValue)  \(addresses[one.name]?.joined(separator: " ") ?? "?")  ->  \(one.upstream)"
                )
            }
            while true { try await Task.sleep(for: .seconds(3600)) }
        } catch {
            let count = try? await links.flushHistory()
            await links.close()
            if let spool, let history {
                try WireExport.write(spool, to: history)
                try FileManager.default.removeItem(atPath: spool)
                if let dropped = count?.dropped, dropped > 0 { Console.error("the history lost \(dropped) events") }
            }
            throw error
        }
    }
}

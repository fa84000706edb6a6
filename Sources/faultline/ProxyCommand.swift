import ArgumentParser
import Control
import Experiments
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
        abstract: "Opens links and keeps them open until Ctrl-C; an API changes links and faults meanwhile.",
        discussion: """
            Links are named with --link, without any fault, or in a file with their faults, or by the API, or in all these ways:

              links:
                redis: { protocol: tcp, listen: "127.0.0.1:6380", upstream: "127.0.0.1:6379" }
              faults:
                - { on: redis, inject: { latency: { delay: 50ms } }, when: { probability: 10% } }
              seed: 7
              threads: 2

            The file is read again when it changes, and on SIGHUP: links that are new open, links that are gone close, the others go
            on with their connections, and the faults are replaced. A mistake in it is told, and what was running goes on.

            The API is Toxiproxy's, on 127.0.0.1:8474 unless --api says otherwise, and so any of its clients can add links and
            faults. Its configuration file can be given with --config too. Beyond this machine the API is served only with a token,
            which stands in the environment variable FAULTLINE_TOKEN.

            A link that has a service's name (\(Service.allCases.map(\.rawValue).joined(separator: ", "))) carries that
            service, so that its operations get their names in the history. Port 0 takes a free one.

            Examples:
              faultline proxy --link redis=tcp,127.0.0.1:0,127.0.0.1:6379
              faultline proxy --link s3=http,127.0.0.1:9000,http://127.0.0.1:4566 --history wire.ndjson
              faultline proxy --link db=tcp,unix:/tmp/db.sock,[::1]:5432 --threads 2
              faultline proxy --config proxy.yaml
              faultline proxy --config toxiproxy.json --api 127.0.0.1:8474
              faultline proxy --api off --config proxy.yaml
            """)

    @Option(
        help: ArgumentHelp(
            "A link; may be given again. Protocols: \(LinkProtocol.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "name=protocol,listen,upstream"))
    var link: [LinkArgument] = []

    @Option(
        help: ArgumentHelp(
            "A file of links, faults, seed and threads. It is read again when it changes, and on SIGHUP.",
            valueName: "file"))
    var config: String?

    @Flag(inversion: .prefixedNo, help: "Whether a change of the file is noticed, or SIGHUP alone has it read again.")
    var watch = true

    @Option(help: "How many threads carry the links; before what the file says, and 1 unless it says something.")
    var threads: Int?

    @Option(help: ArgumentHelp("Writes the wire history here at the end, one JSON object a line.", valueName: "file"))
    var history: String?

    @Option(help: ArgumentHelp("Where the control API listens, or 'off'.", valueName: "host:port"))
    var api = "127.0.0.1:8474"

    @Option(help: ArgumentHelp("A host beyond this machine that may be broken; may be given again.", valueName: "host"))
    var allow: [String] = []

    func validate() throws {
        if link.isEmpty, config == nil, api == "off" {
            throw ValidationError(
                "name at least one link: --link NAME=PROTOCOL,LISTEN,UPSTREAM, or --config FILE, or leave the API on")
        }
        if let threads, !(1...LocalLinks.threadsMax).contains(threads) {
            throw ValidationError("--threads is \(threads); name a number from 1 to \(LocalLinks.threadsMax)")
        }
    }

    func run() async throws {
        let command = self
        let (hangups, hungUp) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let reread: @Sendable () -> Void = { hungUp.yield() }
        let onHangup = config == nil ? nil : reread
        try await Failure.told {
            do {
                try await Interruption.cancelling(onHangup: onHangup) { try await command.serve(hangups) }
            } catch is Interruption.Interrupted {
                // How a standing proxy ends.
            }
        }
    }

    private func serve(_ hangups: AsyncStream<Void>) async throws {
        let place = api == "off" ? nil : try ControlServer.Place(api, token: Self.token)
        let spool = history.map { $0 + ".spool" }
        // Before it is read: what changes from then on is noticed.
        let watch = watch ? config.map { FileWatch($0) } : nil
        let proxy: StandingProxy
        do {
            proxy = try await StandingProxy(
                links: link.map(\.configuration), file: config, threads: threads, historyPath: spool,
                allowing: allow)
        } catch {
            if let spool { try? FileManager.default.removeItem(atPath: spool) }
            throw error
        }
        for line in await proxy.listing { Console.output(line) }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in hangups { await reload(proxy) } }
                if let watch { group.addTask { await watch.run { await reload(proxy, ifChanged: true) } } }
                if let place {
                    group.addTask {
                        try await ControlServer(proxy.live, at: place, version: Version.text).run {
                            Console.output("api  http://\($0)")
                        }
                    }
                }
                // The first that fails ends the others.
                while try await group.next() != nil {}
            }
        } catch  where !Task.isCancelled {
            await proxy.close()
            if let spool { try? FileManager.default.removeItem(atPath: spool) }
            throw error
        } catch {
            // How it ends.
        }
        let count = try? await proxy.flushHistory()
        await proxy.close()
        guard let spool, let history else { return }
        try WireExport.write(spool, to: history)
        try FileManager.default.removeItem(atPath: spool)
        if let dropped = count?.dropped, dropped > 0 { Console.error("the history lost \(dropped) events") }
    }

    private static var token: String? {
        ProcessInfo.processInfo.environment["FAULTLINE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Parameter ifChanged: does nothing where the file says what it said when it was read last.
    private func reload(_ proxy: StandingProxy, ifChanged: Bool = false) async {
        do {
            guard let change = ifChanged ? try await proxy.reloadIfChanged() : try await proxy.reload() else { return }
            Console.output((["\(config ?? "") was read again"] + change.lines).joined(separator: "\n"))
        } catch {
            Console.error("\(error); what was running goes on")
        }
    }
}

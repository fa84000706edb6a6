import ArgumentParser
import Control
import Experiments
import Foundation
import Ingestion
import Proxy

/// `--attach`, for runs on the links of a standing proxy.
struct AttachOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Runs on the links of the standing proxy whose control API listens there, in place of links of its own.",
            valueName: "host:port"))
    var attach: String?

    /// Nil where the run has links of its own.
    var proxy: AttachedProxy? {
        attach.map { address in
            AttachedProxy(address: address) { experiment, historyPath in
                try Self.links(address, of: experiment, historyPath: historyPath)
            }
        }
    }

    private static func links(_ address: String, of experiment: String, historyPath: String) throws -> AttachedLinks {
        let token = ProcessInfo.processInfo.environment["FAULTLINE_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        let host = ProcessInfo.processInfo.hostName
        // Numbers of processes come again; leases may not.
        let mark = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        return try AttachedLinks(
            address, token: token, owner: "\(experiment), process \(getpid()) on \(host), \(mark)",
            historyPath: historyPath)
    }

    /// Finds out, before anything is started, what would keep all runs from attaching.
    ///
    /// - Parameter links: that the runs need.
    /// - Throws: `UsageError`, `LinkError`, `ControlClient.Failure`.
    func check(_ experiments: [Experiment], links wanted: [LinkConfiguration]) async throws {
        guard let attach else { return }
        // Among others that can be run it is inconclusive, and no reason to run none.
        let struck = experiments.compactMap(\.processStruckAtMessage)
        if let process = struck.first, struck.count == experiments.count {
            throw UsageError(description: "\(experiments[0].name): \(AttachedProxy.cannotStrike(process))")
        }
        let links = try Self.links(attach, of: "a look at the links", historyPath: "/dev/null")
        do {
            _ = try await links.open(wanted)
        } catch {
            await links.close()
            throw error
        }
        await links.close()
    }
}

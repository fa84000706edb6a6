import Consistency
package import Experiments
package import Foundation
import Proxy

/// Writes what a run found into its folder.
package struct RunRecord: Sendable {
    package let folder: RunFolder
    package let result: RunResult
    package let started: Date

    package init(folder: RunFolder, result: RunResult, started: Date) {
        self.folder = folder
        self.result = result
        self.started = started
    }

    package func write() throws {
        try Self.write(VerdictFile(result, started: started), to: folder.verdict)
        try SavedWorld.encode(result.world).write(to: URL(fileURLWithPath: folder.world))
        if let file = result.experiment.file {
            try? FileManager.default.removeItem(atPath: folder.experiment)
            try FileManager.default.copyItem(atPath: file, toPath: folder.experiment)
        }
        let sources = Dictionary(
            result.world.submissions.map { ($0.sourceKey ?? $0.document, $0.document) }
        ) { first, _ in first }
        var wire = WireDigest(watching: ReportPage.witnesses(result)) {
            result.traffic.owner(of: $0).document ?? sources[$0.key]
        }
        try WireExport.write(folder.spool, to: folder.wire) { wire.add($0) }
        try Data(ReportPage(result, wire: wire, started: started).html.utf8)
            .write(to: URL(fileURLWithPath: folder.page))
        try Data(JUnitReport([suite]).xml.utf8).write(to: URL(fileURLWithPath: folder.junit))
        try FileManager.default.removeItem(atPath: folder.spool)
        try folder.becomeLatest()
    }

    /// The run as part of a file of many.
    package var suite: JUnitReport.Suite { JUnitReport.Suite(result, folder: folder.path, started: started) }

    private static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        var data = try encoder.encode(value)
        data.append(0x0A)
        try data.write(to: URL(fileURLWithPath: path))
    }
}

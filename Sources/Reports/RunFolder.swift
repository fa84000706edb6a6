package import Foundation

/// The folder that one run leaves behind: `runs/<yyyyMMdd-HHmmss>-<experiment>/`, and `latest` beside it.
package struct RunFolder: Hashable, Sendable {
    package let path: String

    package var verdict: String { path + "/verdict.json" }
    package var world: String { path + "/world.json" }
    package var wire: String { path + "/wire.ndjson" }
    package var page: String { path + "/report.html" }
    package var junit: String { path + "/junit.xml" }
    package var experiment: String { path + "/experiment.yaml" }
    /// The wire history while the run goes on.
    package var spool: String { path + "/wire.spool" }

    /// Makes the folder. A second run in the same second gets a number behind its name.
    /// - Parameter parent: usually `runs`.
    package init(in parent: String, experiment: String, at date: Date) throws {
        let files = FileManager.default
        try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
        let name = "\(Self.stamp(date))-\(experiment)"
        var number = 1
        while true {
            let path = "\(parent)/\(name)\(number > 1 ? "-\(number)" : "")"
            do {
                try files.createDirectory(atPath: path, withIntermediateDirectories: false)
                self.path = path
                return
            } catch let error as CocoaError where error.code == .fileWriteFileExists && number < 1000 {
                number += 1
            }
        }
    }

    /// Lets `latest` beside the folder point to it, in one step.
    package func becomeLatest() throws {
        let parent = (path as NSString).deletingLastPathComponent
        let name = (path as NSString).lastPathComponent
        let temporary = "\(parent)/.latest-\(name)"
        try? FileManager.default.removeItem(atPath: temporary)
        try FileManager.default.createSymbolicLink(atPath: temporary, withDestinationPath: name)
        guard rename(temporary, "\(parent)/latest") == 0 else {
            let reason = String(cString: strerror(errno))
            try? FileManager.default.removeItem(atPath: temporary)
            throw CocoaError(.fileWriteUnknown, userInfo: [NSDebugDescriptionErrorKey: "\(parent)/latest: \(reason)"])
        }
    }

    private static func stamp(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .current
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        return formatter.string(from: date)
    }
}

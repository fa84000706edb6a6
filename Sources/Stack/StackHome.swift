import Foundation

/// Where a stack keeps what it knows: `.faultline` under the project's root, or `$FAULTLINE_HOME`.
package struct StackHome: Hashable, Sendable {
    /// The project's root, where `compose/native` lies.
    package var project: String
    /// `.faultline`, or what replaces it.
    package var folder: String

    package init(project: String, folder: String) {
        self.project = project
        self.folder = folder
    }

    /// Data, state and logs of the services.
    package var stack: String { folder + "/stack" }
    package var logs: String { stack + "/logs" }
    package var stateFile: String { stack + "/state.json" }
    package var lockFile: String { stack + "/lock" }
    package var secrets: String { stack + "/secrets" }
    /// The virtual environment that `compose/native/setup.sh` fills.
    package var python: String { folder + "/python" }
    /// Files of the native stack that belong to the project.
    package var native: String { project + "/compose/native" }

    /// The home of the project around the working directory or, failing that, around this program.
    package static func standard() throws -> StackHome {
        let environment = ProcessInfo.processInfo.environment
        let starts = [FileManager.default.currentDirectoryPath, Self.programFolder]
        guard let project = starts.lazy.compactMap(projectRoot(above:)).first else {
            throw StackError(
                what: "no compose/native folder above \(starts.joined(separator: " or "))",
                remedy: "run faultline inside its project folder")
        }
        let folder = environment["FAULTLINE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? project + "/.faultline"
        return StackHome(project: project, folder: absolute(folder))
    }

    /// The folder of the running program.
    static var programFolder: String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        return (program as NSString).deletingLastPathComponent
    }

    private static func projectRoot(above start: String) -> String? {
        var folder = start
        while true {
            if FileManager.default.fileExists(atPath: folder + "/compose/native/requirements.txt") { return folder }
            if folder == "/" || folder.isEmpty { return nil }
            folder = (folder as NSString).deletingLastPathComponent
        }
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}

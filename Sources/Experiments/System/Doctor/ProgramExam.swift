import Foundation
import Glibc

/// Whether the program of a system file's command is there and may be run. It is not started.
struct ProgramExam {
    enum Found {
        case program(path: String)
        case nothing(String, mend: String)
    }

    /// As written.
    let program: String
    /// Where it would run: the folder of the system file.
    let folder: String
    /// Folders in which a mere name is looked up, with ':' between them.
    var searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""

    func look() -> Found {
        guard let path else {
            return .nothing(
                "no program '\(program)' in PATH",
                mend: "write its path from the folder of the system file, such as ./\(program)")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
            return .nothing(
                "there is no file \(path)", mend: "paths in 'command' start from the folder of the system file")
        }
        guard access(path, X_OK) == 0 else {
            return .nothing("\(path) is not executable", mend: "run: chmod +x \(path)")
        }
        return .program(path: path)
    }

    /// Nil when PATH has none of its name. A path is given whether or not there is a file.
    private var path: String? {
        if program.hasPrefix("/") { return program }
        if program.contains("/") {
            return folder + "/" + (program.hasPrefix("./") ? program.dropFirst(2) : program[...])
        }
        return searchPath.split(separator: ":").map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }
}

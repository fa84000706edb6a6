import Foundation
import Glibc
import Stack

/// Whether managed workers can be started, and can show that they are ready. None is started.
struct WorkerExam: Sendable {
    let workers: [WorkerSpec]

    func checks() -> [DoctorCheck] { workers.map(check) }

    private func check(_ worker: WorkerSpec) -> DoctorCheck {
        let name = "worker \(worker.name)"
        var program = ProgramExam(program: worker.words[0], folder: worker.folder)
        // It is looked up with the environment that the process gets.
        if let path = worker.environment["PATH"] { program.searchPath = path }
        switch program.look() {
        case .nothing(let detail, let mend): return DoctorCheck(name, .failed, detail, mend: mend)
        case .program(let path):
            if let (detail, mend) = doubt(of: worker.readiness, in: worker.folder) {
                return DoctorCheck(name, .failed, detail, mend: mend)
            }
            return DoctorCheck(name, .ok, "\(path) is executable; \(worker.readyWords)")
        }
    }

    /// What keeps a process from being seen as ready, or has it seen too early.
    private func doubt(of readiness: WorkerSpec.Readiness, in folder: String) -> (detail: String, mend: String)? {
        switch readiness {
        case .started, .line: return nil
        case .port(let port):
            guard !Ports.isFree(port) else { return nil }
            return (
                "port \(port), where the worker is to show that it is ready, is taken",
                mend: "end what has it, or give the worker another port"
            )
        case .file(let file):
            guard !file.contains("{ready-file}") else { return nil }
            let path = file.hasPrefix("/") ? file : "\(folder)/\(file)"
            let parent = (path as NSString).deletingLastPathComponent
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
                return ("the ready file \(path) is a folder", mend: "name a file that the worker makes")
            }
            guard FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue else {
                return (
                    "there is no folder \(parent) for the ready file",
                    mend: "make it, or write 'ready: { file: \"{ready-file}\" }' for a file that faultline names"
                )
            }
            // The file of an earlier run is taken away before the process starts.
            guard access(parent, W_OK) == 0 else {
                return ("nobody may write the ready file into \(parent)", mend: "name one in a folder of yours")
            }
            return nil
        }
    }
}

extension WorkerSpec {
    fileprivate var readyWords: String {
        switch readiness {
        case .started: "it counts as ready as soon as it is there"
        case .line(let glob): "ready at a line like '\(glob)'"
        case .file(let file): "ready when \(file) is there"
        case .port(let port): "ready when it listens on \(port)"
        }
    }
}

package import Experiments
import Ingestion

/// The command that runs an experiment again as it was run.
package enum Replay {
    /// Nil for an experiment that has no file.
    package static func command(_ result: RunResult) -> String? {
        guard let file = result.experiment.file else { return nil }
        let defects = result.defects.map { " --defect \($0.name)" }.sorted().joined()
        let system = result.systemFile.map { " --system \(quoted($0))" } ?? ""
        let proxy = result.proxy.map { " --attach \(quoted($0))" } ?? ""
        // The other one is what `run` takes by itself.
        let engine = result.engine == .embedded ? " --engine embedded" : ""
        return "faultline run \(quoted(file))\(system)\(engine)\(proxy) --seed \(result.seed)\(defects)"
    }

    /// Quoted for a shell, where that is needed.
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "./_-+@%:,".utf8.contains(byte)
        }
        return isPlain ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }
}

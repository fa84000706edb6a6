package import Faults
import Foundation
package import Wire

/// An experiment as it was written. Faults and expectations are kept as written, for those who know their kinds.
package struct ExperimentFile: Hashable, Sendable {
    package var file: String
    package var name: String
    package var title: String
    /// Which failure it reproduces, in a sentence.
    package var reproduces: String?
    /// From the project's root; the file is there.
    package var runbook: String?
    package var tags: [String]
    package var workload: Workload
    /// Where the workload says which kinds of submission it has.
    package var submissionsPlace: SpecPlace
    /// The entries of `faults:`, not read yet.
    package var faults: [Spec]
    /// The entries of `expect:`: each a name with options, not read yet.
    package var expectations: [SpecTag]

    /// - Parameter root: the project's root, which paths in the file start from.
    package static func read(_ path: String, root: String = ".") throws(SpecError) -> ExperimentFile {
        var spec = try YAMLFile.read(path)
        let experiment = try ExperimentFile(spec: &spec, root: root)
        try spec.finish()
        return experiment
    }

    package init(spec: inout Spec, root: String) throws(SpecError) {
        file = spec.place.file
        name = try spec.required("name", .experimentName)
        title = try spec.required("title", .name)
        reproduces = try spec.optional("reproduces", .name)
        runbook = try spec.optional("runbook", .name)
        if let runbook, !Self.isFile(runbook, under: root) {
            throw spec.error("runbook", "names no file: '\(runbook)'", mend: "write its path from the project's root")
        }
        tags = try spec.optional("tags", .list(of: .name)) ?? []
        let place = SpecType<SpecPlace>.mapping { spec throws(SpecError) in
            for key in spec.keys { _ = try spec.optional(key, .node) }
            return spec.placeOf("submissions")
        }
        workload = try spec.required("workload", .mapping(Workload.init(spec:)))
        submissionsPlace = try spec.required("workload", place)
        faults = try spec.optional("faults", .list(of: .spec)) ?? []
        expectations = try spec.optional("expect", .list(of: .tag)) ?? []
    }

    private static func isFile(_ path: String, under root: String) -> Bool {
        var isFolder: ObjCBool = false
        let full = path.hasPrefix("/") ? path : root + "/" + path
        return FileManager.default.fileExists(atPath: full, isDirectory: &isFolder) && !isFolder.boolValue
    }

    /// Reads the faults as windows, numbered in order from 1.
    /// - Parameters:
    ///   - links: the links that there are, with what they speak and carry.
    ///   - processes: those that windows may strike.
    package func windows(
        on links: [String: LinkTraits], processes: ProcessNames = ProcessNames()
    ) throws(SpecError) -> [Window] {
        try WindowReader.read(faults, links: links, processes: processes)
    }

    /// Reads each fault. Options that `read` does not ask for are refused.
    package func readFaults<Fault>(
        _ read: (Int, inout Spec) throws(SpecError) -> Fault
    ) throws(SpecError) -> [Fault] {
        var windows: [Fault] = []
        for (index, spec) in faults.enumerated() {
            var spec = spec
            windows.append(try read(index, &spec))
            try spec.finish()
        }
        return windows
    }
}

extension SpecType where Value == String {
    /// Names folders and test cases, so it is made of few characters: `s3-missing-content-type`.
    static var experimentName: SpecType {
        .scalar(
            "a name", example: "s3-missing-content-type",
            mend: "names are made of a-z, 0-9 and '-', and begin with a letter"
        ) { text in
            text.wholeMatch(of: /[a-z][a-z0-9-]{0,99}/) != nil ? text : nil
        }
    }
}

package import Consistency
package import Faults
package import Wire

/// An experiment that is ready to be run: its faults and expectations are read and known to be possible.
package struct Experiment: Sendable {
    package var name: String
    package var title: String
    /// Where it was read from; nil for one that was made by a program.
    package var file: String?
    package var reproduces: String?
    /// From the project's root.
    package var runbook: String?
    /// What `--tag` chooses by.
    package var tags: [String] = []
    package var workload: Workload
    package var windows: [Window]
    package var expectations: [any Expectation]

    package init(
        name: String, title: String, workload: Workload, windows: [Window] = [], expectations: [any Expectation] = []
    ) {
        self.name = name
        self.title = title
        self.workload = workload
        self.windows = windows
        self.expectations = expectations
    }

    /// - Parameters:
    ///   - root: the project's root, which paths in the file start from.
    ///   - links: the links that faults and expectations may name.
    ///   - kinds: the kinds of submission that the pipeline knows.
    ///   - processes: those that faults may strike.
    package static func read(
        _ path: String, root: String = ".", links: [String: LinkTraits] = ReferenceLinks.traits,
        kinds: Set<Submission.Kind> = Set(Submission.Kind.allCases), processes: ProcessNames = .reference
    ) throws(SpecError) -> Experiment {
        let file = try ExperimentFile.read(path, root: root)
        if let missing = file.workload.submissions.kinds.subtracting(kinds).min(by: { $0.rawValue < $1.rawValue }) {
            throw file.submissionsPlace.error(
                "asks for '\(missing.rawValue)', which the system's pipeline does not know",
                mend: "add '\(missing.rawValue):' to the pipeline in the system file, or leave such submissions out")
        }
        var experiment = Experiment(name: file.name, title: file.title, workload: file.workload)
        experiment.file = path
        experiment.reproduces = file.reproduces
        experiment.runbook = file.runbook
        experiment.tags = file.tags
        let windows = try file.windows(on: links, processes: processes)
        experiment.windows = windows
        experiment.expectations = try file.expectations.map { tag throws(SpecError) in
            try ExpectationCatalogue.read(tag, links: links, windows: windows)
        }
        return experiment
    }
}

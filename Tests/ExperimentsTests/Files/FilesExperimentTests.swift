import Experiments
import Faults
import Foundation
import Ingestion
import Testing
import Wire

struct FilesExperimentTests {
    private static let whole = """
        name: s3-missing-content-type
        title: S3 answers GetObject without Content-Type
        reproduces: every workflow failed when the header was missing
        runbook: runbooks/missing-content-type.md
        tags: [release, nightly, s3]
        workload:
          documents: 50
          concurrency: 20
          formats: [txt, md, pdf]
          size: 1KiB..64KiB
          submissions: { ingest: 100% }
        faults:
          - on: s3
            when: { operation: GetObject, direction: response }
            inject: { remove-header: { name: Content-Type } }
            from: 0s
            until: end
          - on: openai
            inject: { latency: { delay: 250ms } }
            from: 5s
            until: 20s
        expect:
          - documents: { succeed: all }
          - retries: { on: s3, at-most: 0 }
        """
    private static let least = "name: a\ntitle: A\nworkload: { documents: 1 }\n"

    /// Reads the text as a file beside a runbook.
    private func read(_ text: String) throws -> ExperimentFile {
        try TemporaryFolder.with { folder in
            try FileManager.default.createDirectory(atPath: folder + "/runbooks", withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: folder + "/runbooks/missing-content-type.md"))
            let path = folder + "/e.yaml"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return try ExperimentFile.read(path, root: folder)
        }
    }

    /// The refusal from the line number on.
    private func refusal(_ text: String) -> String {
        do {
            return "read as \(try read(text))"
        } catch {
            return "\(error)".components(separatedBy: "e.yaml:").last ?? ""
        }
    }

    @Test func theWholeOfIt() throws {
        let experiment = try read(Self.whole)
        #expect(experiment.name == "s3-missing-content-type")
        #expect(experiment.title == "S3 answers GetObject without Content-Type")
        #expect(experiment.reproduces == "every workflow failed when the header was missing")
        #expect(experiment.runbook == "runbooks/missing-content-type.md")
        #expect(experiment.tags == ["release", "nightly", "s3"])
        #expect(
            experiment.workload
                == Workload(documents: 50, concurrency: 20, formats: [.txt, .md, .pdf], size: 1024...65536))
        #expect(experiment.faults.map(\.place.path) == ["faults[0]", "faults[1]"])
        #expect(experiment.expectations.map(\.name) == ["documents", "retries"])
        #expect(experiment.expectations[1].optionsPlace.path == "expect[1].retries")
    }

    @Test func defaults() throws {
        let experiment = try read(Self.least)
        #expect(
            experiment.workload == Workload(documents: 1, concurrency: 10, formats: [.txt], size: 416...65536))
        #expect(experiment.faults.isEmpty)
        #expect(experiment.expectations.isEmpty)
        #expect(experiment.tags.isEmpty)
    }

    @Test func faultsBecomeWindows() throws {
        let windows = try read(Self.whole).windows(on: ["s3": .http, "openai": .http])
        #expect(windows.map(\.id) == [1, 2])
        #expect(windows.map(\.link) == ["s3", "openai"])
        #expect(windows.map(\.opening) == [.at(.zero), .at(.seconds(5))])
        #expect(windows.map(\.closing) == [.withPlan, .at(.seconds(20))])
    }

    @Test func aFaultThatIsWrongPointsAtItsLine() throws {
        let text =
            Self.least + "faults:\n  - on: s3\n    inject:\n      latency:\n        delay: 1s\n        jiter: 2s\n"
        let experiment = try read(text)
        let error = #expect(throws: SpecError.self) { try experiment.windows(on: ["s3": .http]) }
        #expect(error?.line == 9)
        #expect(error?.path == "faults[0].inject.latency")
        #expect(error?.what == "has no option 'jiter'")
        #expect(error?.mend?.contains("(did you mean 'jitter'?)") == true)
    }

    @Test func anyHookReadsFaultsAndLeavesNothingUnread() throws {
        let experiment = try read(Self.least + "faults:\n  - { on: s3, untill: end }\n")
        let error = #expect(throws: SpecError.self) {
            try experiment.readFaults { _, spec throws(SpecError) in
                _ = try spec.optional("until", .string)
                return try spec.required("on", .name)
            }
        }
        #expect(error?.what == "has no option 'untill'")
    }

    @Test(arguments: [
        (
            "title: A\nworkload: { documents: 1 }",
            "1: the file needs the option 'name'; add 'name: s3-missing-content-type'"
        ),
        (
            "name: A b\n",
            "1: name must be a name, not 'A b'; names are made of a-z, 0-9 and '-', and begin with a letter"
        ),
        ("name: a\ntitle: A\n", "1: the file needs the option 'workload'; add 'workload: { ... }'"),
        (
            least + "runbok: x",
            "4: the file has no option 'runbok'; known options: name, title, reproduces, runbook, tags, workload, faults, expect (did you mean 'runbook'?)"
        ),
        (
            least + "runbook: runbooks/none.md",
            "4: runbook names no file: 'runbooks/none.md'; write its path from the project's root"
        ),
        (least + "runbook: runbooks", "4: runbook names no file: 'runbooks'; write its path from the project's root"),
        (least + "tags: release", "4: tags must be a list, not 'release'; write [name]"),
        (least + "faults: { on: s3 }", "4: faults must be a list, not a mapping; write [{ ... }]"),
        (
            least + "expect:\n  - { a: 1, b: 2 }",
            "5: expect[0] must have one name, not 'a', 'b'; give each an entry of its own"
        ),
    ])
    func refused(text: String, expected: String) {
        #expect(refusal(text) == expected)
    }

    @Test(arguments: [
        ("", "3: workload needs the option 'documents'; add 'documents: 1'"),
        ("documents: -1", "3: workload.documents must be a whole number from 0 to 1000000, not '-1'"),
        (
            "documents: 5, concurency: 2",
            "3: workload has no option 'concurency'; known options: documents, concurrency, formats, size, submissions, names, baseline (did you mean 'concurrency'?)"
        ),
        (
            "documents: 5, formats: [txt, docx]",
            "3: workload.formats[1] has no value 'docx'; known values: txt, md, html, csv, json, pdf"
        ),
        ("documents: 5, formats: []", "3: workload.formats is empty; name at least one, such as [txt]"),
        ("documents: 5, size: 1B..64KiB", "3: workload.size is out of range; documents have from 416B to 5MiB"),
        ("documents: 5, size: 1KiB..64MiB", "3: workload.size is out of range; documents have from 416B to 5MiB"),
        ("documents: 5, size: 500", "3: workload.size has no unit: '500'; sizes end in B, KB, KiB, MB, MiB, GB or GiB"),
        (
            "documents: 5, submissions: { ingest: 80%, re-ingest: 10.5% }",
            "3: workload.submissions adds up to 90.5%; let ingest, re-ingest, delete, duplicate and concurrent make 100%"
        ),
    ])
    func workloadsRefused(options: String, expected: String) {
        #expect(refusal("name: a\ntitle: A\nworkload: { \(options) }\n") == expected)
    }

    @Test func aMixOfEveryKindIsTaken() throws {
        let mix = "{ ingest: 70%, re-ingest: 10%, delete: 5%, duplicate: 5%, concurrent: 10% }"
        let text = "name: a\ntitle: A\nworkload: { documents: 5, submissions: \(mix) }\n"
        let experiment = try TemporaryFolder.with { folder in
            let path = folder + "/a.yaml"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            return try ExperimentFile.read(path, root: folder)
        }
        #expect(
            experiment.workload.submissions
                == SubmissionMix(ingest: 0.7, reingest: 0.1, delete: 0.05, duplicate: 0.05, concurrent: 0.1))
    }
}

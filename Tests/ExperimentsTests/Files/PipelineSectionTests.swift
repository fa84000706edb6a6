import Consistency
import Experiments
import Faults
import Foundation
import Stores
import Testing

/// The pipelines of a system file that are driven by templates and rules.
struct PipelineSectionTests {
    static let whole = """
        links:
          api: { protocol: http, upstream: "127.0.0.1:8000" }
        stores: { s3: "http://127.0.0.1:2", redis: "redis://127.0.0.1:3/0" }
        footprints: { redis: { document: { key: "{document}", type: string } } }
        pipeline:
          http:
            result: { succeeded: { data.state: [done, 7] }, rolled-back: failed, id: uuid }
            poll: { url: "http://{link.api}/jobs/{job}", every: 2s }
            ingest:
              submit:
                url: "http://{link.api}/documents"
                body: ["{document}", 1]
                job: job
            delete:
              timeout: 5s
              submit: { method: DELETE, url: "http://127.0.0.1:80/{document}", statuses: { accepted: [202], done: [200] }, job-header: Location }
        """

    @Test func everythingIsRead() throws {
        guard case .http(let http) = try SystemFile.parse(Self.whole).pipeline else {
            Issue.record("no http pipeline")
            return
        }
        let rule = ResultRule(
            succeeded: .places([ValuePath("data.state"): ["done", 7]]), rolledBack: .whole(["failed"]),
            id: ValuePath("uuid"))
        let poll = HTTPSpec.Poll(
            request: .init(method: "GET", url: "http://{link.api}/jobs/{job}"), every: .seconds(2))
        let ingest = HTTPSpec.Course(
            submit: .init(
                request: .init(
                    method: "POST", url: "http://{link.api}/documents",
                    body: .json(.list([.text("{document}"), .int(1)]))), job: .body(ValuePath("job"))),
            poll: poll, result: rule)
        let delete = HTTPSpec.Course(
            submit: .init(
                request: .init(method: "DELETE", url: "http://127.0.0.1:80/{document}"),
                accepted: [202], done: [200], job: .header("Location")),
            poll: poll, result: rule, timeout: .seconds(5))
        #expect(
            http
                == HTTPSpec(
                    courses: [.ingest: ingest, .reingest: ingest, .duplicate: ingest, .delete: delete]))
    }

    /// Each changes one place of the whole file.
    @Test(arguments: [
        (
            #"["{document}", 1]"#, #"["{documnet}", 1]"#,
            "12: pipeline.http.ingest.submit.body[0] has an unknown placeholder '{documnet}'; known placeholders: document, document.folder, document.name, key, key.folder, key.name, bucket, kind, submission, run, lane, link.api, link.api.host, link.api.port (did you mean 'document'?)"
        ),
        (
            #"["{document}", 1]"#, "[{document}, 1]",
            "12: pipeline.http.ingest.submit.body[0] is a mapping, as YAML reads braces without quotes; write \"{document}\""
        ),
        (
            "http://{link.api}/documents", "http://{link.apo}/documents",
            "11: pipeline.http.ingest.submit.url has an unknown placeholder '{link.apo}'; known placeholders: document, document.folder, document.name, key, key.folder, key.name, bucket, kind, submission, run, lane, link.api, link.api.host, link.api.port (did you mean 'link.api'?)"
        ),
        (
            "http://{link.api}/documents", "http://api.test/documents",
            "11: pipeline.http.ingest.submit.url leads to 'api.test', which is not this machine; if it may be broken and written to, add it to 'allow: [api.test]' at the top of the file"
        ),
        (
            "http://{link.api}/documents", "http://{run}/documents",
            "11: pipeline.http.ingest.submit.url doesn't name its host; write it, or a link: http://{link.api}/…"
        ),
        (
            "http://{link.api}/documents", "api/documents",
            "11: pipeline.http.ingest.submit.url is no URL: 'api/documents'; write one such as \"http://{link.api}/documents/{document.name}\""
        ),
        (
            "        job: job\n", "",
            "11: pipeline.http.ingest.submit doesn't say where the answer has the {job} that 'poll' asks for; add 'job: PATH' or 'job-header: NAME' to it"
        ),
        (
            "    result: { succeeded: { data.state: [done, 7] }, rolled-back: failed, id: uuid }\n", "",
            "9: pipeline.http.ingest has no 'result'; say what success looks like: result: { succeeded: { status: done } }"
        ),
        (
            "succeeded: { data.state: [done, 7] }, ", "",
            "7: pipeline.http.result needs the option 'succeeded'; add 'succeeded: { status: done }'"
        ),
        (
            "data.state:", "data..state:",
            "7: pipeline.http.result.succeeded.data..state must be a path, not 'data..state'; write names with dots between them, such as data.status"
        ),
        (
            "    ingest:\n", "    ingets:\n",
            "7: pipeline.http needs the option 'ingest'; is 'ingets' meant to be it?"
        ),
        (
            "    delete:\n", "    remove:\n",
            "14: pipeline.http has no option 'remove'; known options: result, poll, timeout, ingest, re-ingest, duplicate, delete"
        ),
        (
            "every: 2s", "every: 0s",
            "8: pipeline.http.poll.every is no time at all; write one above zero, such as 250ms"
        ),
    ])
    func whatCannotBeIsRefused(text: String, by replacement: String, error: String) throws {
        let changed = Self.whole.replacing(text, with: replacement)
        #expect(changed != Self.whole)
        let thrown = #expect(throws: SpecError.self) { try SystemFile.parse(changed) }
        #expect(thrown.map { "\($0)" } == "faultline.yaml:\(error)")
    }

    @Test func anExperimentMayAskOnlyForWhatThePipelineKnows() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/e.yaml"
        let experiment = """
            name: e
            title: e
            workload:
              documents: 4
              submissions: { ingest: 50%, delete: 50% }
            """
        try Data(experiment.utf8).write(to: URL(fileURLWithPath: path))
        let without = Self.whole.prefix(upTo: try #require(Self.whole.firstRange(of: "    delete:")).lowerBound)
        let kinds = try SystemFile.parse(String(without)).pipeline.kinds
        #expect(kinds == [.ingest, .reingest, .duplicate])
        let thrown = #expect(throws: SpecError.self) { try Experiment.read(path, kinds: kinds) }
        #expect(
            thrown.map { "\($0)" }
                == "\(path):5: workload.submissions asks for 'delete', which the system's pipeline does not know; add 'delete:' to the pipeline in the system file, or leave such submissions out"
        )
        #expect(try Experiment.read(path, kinds: kinds.union([.delete])).workload.documents == 4)
    }
}

package import Consistency

/// What ingests the documents of a run. Whatever it is, it reaches its services through the links of a lane.
package protocol Pipeline: Sendable {
    /// Carries one submission to its end. Never throws: that a submission failed is an answer. Cancelling the task stops it.
    /// - Parameter lane: counts from 0; in one lane only one document is under way at a time.
    func submit(_ task: PipelineTask, lane: Int) async -> PipelineAnswer

    /// Submissions that have an answer, and yet something is still to be done or undone for them.
    func unfinished() async -> Int

    /// Ends what is under way. Nothing is submitted afterwards.
    func stop() async
}

/// One submission, as a pipeline gets it.
package struct PipelineTask: Hashable, Sendable {
    /// Unique in the run, and the same when the submission is repeated.
    package var submission: String
    package var kind: Submission.Kind
    package var document: String
    /// Of the object in S3; empty for a deletion.
    package var key: String
    package var bucket: String
    /// The run's name, which ids and keys begin with.
    package var run: String

    package init(
        submission: String, kind: Submission.Kind, document: String, key: String, bucket: String, run: String = ""
    ) {
        self.submission = submission
        self.kind = kind
        self.document = document
        self.key = key
        self.bucket = bucket
        self.run = run
    }
}

/// What a pipeline says became of a submission.
package struct PipelineAnswer: Hashable, Sendable {
    /// A step that failed for good, as far as the pipeline tells.
    package struct Step: Hashable, Sendable, Codable {
        package var name: String
        /// The service that the step calls; `worker` when it calls none.
        package var service: String
        /// The service's own code, or the worker's name for its error.
        package var code: String?
        package var reason: String

        package init(name: String, service: String, code: String? = nil, reason: String) {
            self.name = name
            self.service = service
            self.code = code
            self.reason = reason
        }
    }

    package var result: Submission.Result
    /// The id under which the stores know the document, where the pipeline makes its own.
    package var storedID: String?
    /// Why it didn't succeed, in the pipeline's words.
    package var reason: String?
    /// Empty for a pipeline that tells of no steps.
    package var steps: [Step]
    /// Where a workflow carried it out.
    package var workflow: WorkflowTrace?

    package init(_ result: Submission.Result, storedID: String? = nil, reason: String? = nil, steps: [Step] = []) {
        self.result = result
        self.storedID = storedID
        self.reason = reason
        self.steps = steps
    }
}

/// One run of a workflow on Temporal.
package struct WorkflowTrace: Hashable, Sendable, Codable {
    package var namespace: String
    package var id: String
    package var run: String
    /// Its history in the web UI, where one is known.
    package var page: String?

    /// - Parameter webUI: `http://host:port`.
    package init(namespace: String, id: String, run: String, webUI: String? = nil) {
        self.namespace = namespace
        self.id = id
        self.run = run
        page = webUI.map { base in
            let parts = ["namespaces", namespace, "workflows", id, run, "history"].map { PercentEncoding.encoded($0) }
            return (base.hasSuffix("/") ? base : base + "/") + parts.joined(separator: "/")
        }
    }
}

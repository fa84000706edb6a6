import ArgumentParser
import Foundation
import Ingestion
import Stack
import Synchronization

/// The reference worker as a process of its own.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Runs the reference worker: submissions on standard input, results on standard output.",
        discussion: """
            Each line of input is a JSON object with an id, a kind (ingest or delete), a document and, to ingest it, its key \
            in the bucket; each line of output is what became of one. An id asked for again gets the same answer. \
            A worker that was killed is started again with the same journal: it first ends what was unfinished. At \
            the end of input it finishes what is under way; on SIGTERM it undoes that.

            The services' addresses come from the environment: POSTGRES_HOST, POSTGRES_PORT, POSTGRES_USER, \
            POSTGRES_PASSWORD, POSTGRES_DB, NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, QDRANT_HOST, QDRANT_PORT, REDIS_HOST, \
            REDIS_PORT, S3_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, APEX_DOCUMENTS_BUCKET, \
            OPENAI_BASE_URL, OPENAI_API_KEY.

            Example:
              echo '{"id": "1", "kind": "ingest", "document": "report", "key": "report.pdf"}' | faultline worker
            """)

    @Option(help: ArgumentHelp("Where sagas are journalled; made when missing.", valueName: "folder"))
    var journal = ".faultline/worker/journal"

    @Option(help: ArgumentHelp("A bug to plant; may be given again. See `faultline defects`.", valueName: "name"))
    var defect: [Defect] = []

    @Option(help: "Submissions under way at once; else TEMPORAL_MAX_ACTIVITIES, else 10.")
    var concurrency: Int?

    func validate() throws {
        if let concurrency, concurrency < 1 { throw ValidationError("--concurrency must be at least 1") }
    }

    func run() async throws {
        let command = self
        try await Failure.reported {
            do {
                try await Interruption.cancelling { try await command.serve() }
            } catch is Interruption.Interrupted {
                // What was under way has been undone: how a worker is asked to end.
            }
        }
    }

    private func serve() async throws {
        var configuration: WorkerConfiguration
        do {
            configuration = try .fromEnvironment(ProcessInfo.processInfo.environment)
        } catch {
            throw UsageError(description: "\(error)")
        }
        if let concurrency { configuration.concurrency = concurrency }
        let worker = IngestionWorker(
            configuration: configuration, journal: SagaJournal(folder: journal), defects: Set(defect))
        let output = Mutex(FileHandle.standardOutput)
        let feed = SubmissionFeed(worker: worker, concurrency: configuration.concurrency) { line in
            output.withLock { $0.write(Data((line.text + "\n").utf8)) }
        }
        await feed.serve(Self.lines())
    }

    /// Standard input, read on a thread of its own: nothing that waits for a line holds up a saga.
    private static func lines() -> AsyncStream<String> {
        let (lines, arrived) = AsyncStream.makeStream(of: String.self)
        Thread.detachNewThread {
            while let line = readLine() { arrived.yield(line) }
            arrived.finish()
        }
        return lines
    }
}

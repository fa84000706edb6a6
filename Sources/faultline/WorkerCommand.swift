import ArgumentParser
import Foundation
import Ingestion
import Stack
import Synchronization
import Temporal

/// The reference worker as a process of its own.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Runs the reference worker: submissions on standard input, or a task queue of Temporal.",
        discussion: """
            Each line of input is a JSON object with an id, a kind (ingest or delete), a document and, to ingest it, its key \
            in the bucket; each line of output is what became of one. An id asked for again gets the same answer. \
            A worker that was killed is started again with the same journal: it first ends what was unfinished. At \
            the end of input it finishes what is under way; on SIGTERM it undoes that.

            The services' addresses come from the environment: POSTGRES_HOST, POSTGRES_PORT, POSTGRES_USER, \
            POSTGRES_PASSWORD, POSTGRES_DB, NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, QDRANT_HOST, QDRANT_PORT, REDIS_HOST, \
            REDIS_PORT, S3_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, APEX_DOCUMENTS_BUCKET, \
            OPENAI_BASE_URL, OPENAI_API_KEY.

            With --engine temporal it polls a task queue instead, until SIGTERM, and then lets what is under way end. \
            It says {"event":"ready"} when it polls, and makes the file WORKER_READY_FILE. Where Temporal is comes from \
            TEMPORAL_ADDRESS (or TEMPORAL_HOST and TEMPORAL_PORT), TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS, \
            TEMPORAL_TLS_SERVER_CA_CERT_PATH, TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH and \
            TEMPORAL_TLS_SERVER_NAME. Workers of one task queue share a journal folder.

            Examples:
              faultline worker --engine temporal --task-queue ingestion
              echo '{"id": "1", "kind": "ingest", "document": "report", "key": "report.pdf"}' | faultline worker
            """)

    @Option(help: ArgumentHelp("Where sagas are journalled; made when missing.", valueName: "folder"))
    var journal = ".faultline/worker/journal"

    @Option(help: ArgumentHelp("What drives the sagas.", valueName: "embedded|temporal"))
    var engine: SagaEngine = .embedded

    @Option(
        help: ArgumentHelp(
            "The task queue to poll, with --engine temporal; else TEMPORAL_TASK_QUEUE.", valueName: "name"))
    var taskQueue: String?

    @Option(help: ArgumentHelp("A bug to plant; may be given again. See `faultline defects`.", valueName: "name"))
    var defect: [Defect] = []

    @Option(help: "Submissions under way at once; else TEMPORAL_MAX_ACTIVITIES, else 10.")
    var concurrency: Int?

    @Option(help: "Keys the random part of waits between tries.")
    var seed: UInt64 = 0

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
        configuration.seed = seed
        switch engine {
        case .embedded: await feed(configuration)
        case .temporal: try await poll(configuration)
        }
    }

    private func feed(_ configuration: WorkerConfiguration) async {
        let worker = IngestionWorker(
            configuration: configuration, journal: SagaJournal(folder: journal), defects: Set(defect))
        let output = Mutex(FileHandle.standardOutput)
        let feed = SubmissionFeed(worker: worker, concurrency: configuration.concurrency) { line in
            output.withLock { $0.write(Data((line.text + "\n").utf8)) }
        }
        await feed.serve(Self.lines())
    }

    /// Polls until it is told to end.
    private func poll(_ configuration: WorkerConfiguration) async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let queue = taskQueue ?? environment["TEMPORAL_TASK_QUEUE"], !queue.isEmpty else {
            throw UsageError(description: "no task queue: give --task-queue NAME, or set TEMPORAL_TASK_QUEUE")
        }
        let address: TemporalAddress
        do {
            address = try .fromEnvironment(environment)
        } catch {
            throw UsageError(description: "\(error)")
        }
        let client = try await Self.client(address)
        let worker = TemporalIngestionWorker(
            configuration: configuration, client: client, taskQueue: queue, folder: journal, defects: Set(defect)
        ) { error in
            FileHandle.standardError.write(Data("\(error)\n".utf8))
        }
        worker.start()
        if let file = environment["WORKER_READY_FILE"], !file.isEmpty,
            !FileManager.default.createFile(atPath: file, contents: nil)
        {
            throw UsageError(
                description: "WORKER_READY_FILE is '\(file)', which cannot be written; is its folder there?")
        }
        FileHandle.standardOutput.write(Data("{\"event\":\"ready\",\"task_queue\":\"\(queue)\"}\n".utf8))
        // Until SIGTERM or Ctrl-C.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        await worker.stop(grace: .seconds(25))
        client.abort()
    }

    /// A client whose server is there, and has the namespace.
    private static func client(_ address: TemporalAddress) async throws -> TemporalClient {
        let client: TemporalClient
        do {
            client = try TemporalClient(address)
        } catch {
            throw UsageError(description: "TEMPORAL_TLS_… name no certificates and keys in PEM: \(error.message)")
        }
        let known: [String]
        do throws(TemporalError) {
            guard try await !client.hasNamespace() else { return client }
            known = try await client.namespaces().sorted()
        } catch {
            switch await client.trouble(behind: error) {
            case .noServer(let reason):
                throw UsageError(
                    description: """
                        no Temporal server answers at \(address.text): \(reason); start it, or set TEMPORAL_ADDRESS to where \
                        it is
                        """)
            case .notLetIn(let reason):
                throw UsageError(
                    description: """
                        Temporal at \(address.text) lets nobody in as TEMPORAL_API_KEY and TEMPORAL_TLS_… say: \(reason)
                        """)
            case .noNamespace, nil: throw error
            }
        }
        throw UsageError(
            description: """
                Temporal at \(address.text) has no namespace '\(address.namespace)'; set TEMPORAL_NAMESPACE to one that it \
                has: \(known.joined(separator: ", "))
                """)
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

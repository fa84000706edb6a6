/// Feeds a worker with lines, and gives a line for each.
package struct SubmissionFeed: Sendable {
    private let worker: IngestionWorker
    private let concurrency: Int
    private let emit: @Sendable (ResultLine) -> Void

    /// - Parameters:
    ///   - concurrency: submissions under way at once.
    ///   - emit: called once a result, from any thread.
    package init(worker: IngestionWorker, concurrency: Int, emit: @escaping @Sendable (ResultLine) -> Void) {
        self.worker = worker
        self.concurrency = concurrency
        self.emit = emit
    }

    /// Ends what the journal has unfinished, then performs what the lines ask for. Returns at the end of the lines when all is
    /// answered. Cancelled, it reads no further line, and what is under way is undone before it returns.
    package func serve(_ lines: AsyncStream<String>) async {
        for result in await worker.resume() { emit(ResultLine(result)) }
        await withTaskGroup(of: Void.self) { group in
            var number = 0
            var underWay = 0
            for await line in lines {
                number += 1
                guard line.contains(where: { !$0.isWhitespace }) else { continue }
                let request: IngestionRequest
                do {
                    request = try SubmissionLine(line).request
                } catch {
                    emit(ResultLine(line: number, error: error))
                    continue
                }
                if underWay == concurrency {
                    await group.next()
                    underWay -= 1
                }
                if Task.isCancelled { break }
                underWay += 1
                group.addTask { emit(ResultLine(await worker.perform(request))) }
            }
        }
    }
}

package import Faults
import Reactor

/// Links that live in this process, on a loop of their own.
package final class LocalLinks: LinkControl {
    private let thread: LoopThread<Links>
    private let spool: HistorySpool?

    /// - Parameter historyPath: the file that the wire history is spooled to (`WireHistory.events` reads it); `nil` keeps none.
    /// - Throws: `LinkError` when the file cannot be made.
    package init(historyPath: String?) throws {
        do {
            let spool = try historyPath.map { try HistorySpool(path: $0) }
            self.spool = spool
            let board = LinkBoard(start: .now())
            thread = try LoopThread(name: "links") { loop in
                let history = spool.map { HistoryWriter($0.ring, start: board.start) }
                return Links(loop: loop, index: 0, board: board, history: history)
            }
            board.join([thread])
        } catch {
            throw LinkError(link: "*", what: "\(error)", mend: "check the run's folder and the limit on open files")
        }
    }

    package func open(_ links: [LinkConfiguration]) async throws -> [String: [String]] {
        let prepared = try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread.start(name: "resolver") {
                    continuation.resume(with: Result { try links.map { try PreparedLink($0) } })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        return try await thread.call { try $0.open(prepared) }
    }

    @discardableResult
    package func apply(_ plan: Plan) async throws -> Int64 {
        try await thread.call {
            $0.apply(plan)
            return $0.historyTime
        }
    }

    package func now() async throws -> Int64 { try await thread.call { $0.historyTime } }

    package func progress() async throws -> [Int: LinkWindows.Progress] { try await thread.call { $0.progress } }

    package func inFlight() async throws -> InFlight { try await thread.call { $0.inFlight } }

    package func flushHistory() async throws -> HistoryCount {
        try await thread.call { _ in }
        return await spool?.flush() ?? HistoryCount(written: 0, dropped: 0)
    }

    package func close() async {
        await thread.stop { $0.close() }
        await spool?.close()
    }
}

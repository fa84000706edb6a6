import Consistency
import Experiments
import Foundation
import Reports
import Stack
import Synchronization

/// Shows how runs come along, on standard error: a few lines that change on a terminal, plain lines elsewhere.
final class RunPrinter: Sendable {
    private struct State {
        var board: CampaignBoard
        var region = LiveRegion()
        var tenth = 0
        var drawn = 0.0
    }

    /// Between two drawings, in seconds: more would only flicker.
    private static let pause = 0.05

    private let quiet: Bool
    private let isLive: Bool
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    init(quiet: Bool, runs: [CampaignBoard.Run]) {
        self.quiet = quiet
        isLive = !quiet && Console.isTerminal
        state = Mutex(State(board: CampaignBoard(runs)))
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }

    func begin() {
        state.withLock { state in
            state.board.begin(at: now)
            state.tenth = 0
            if isLive { draw(&state) }
        }
    }

    func show(_ progress: RunProgress) {
        guard !quiet else { return }
        state.withLock { state in
            state.board.show(progress)
            if isLive {
                if now - state.drawn >= Self.pause { draw(&state) }
                return
            }
            if case .documents(let done, let all, _) = progress {
                let tenth = all > 0 ? done * 10 / all : 0
                guard tenth > state.tenth else { return }
                state.tenth = tenth
            }
            Console.error(state.board.plain)
        }
    }

    func end(_ verdict: Verdict) { state.withLock { $0.board.end(verdict, at: now) } }

    /// Lets time pass on the terminal while the body is at work. Nothing is left of the changing lines afterwards.
    func keepingTime<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        defer { close() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepTime() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private func keepTime() async {
        guard isLive else { return }
        while (try? await Task.sleep(for: .milliseconds(250))) != nil {
            state.withLock { if $0.region.isOpen { draw(&$0) } }
        }
    }

    func stack(_ progress: StackProgress) {
        guard !quiet else { return }
        aside { StackPrinter(quiet: false).show(progress) }
    }

    /// A line that stays.
    func say(_ text: String) {
        guard !quiet else { return }
        aside { Console.error(text) }
    }

    /// Prints something that stays, above the lines that change.
    func aside(_ print: () -> Void) {
        state.withLock { state in
            state.region.clear()
            print()
        }
    }

    /// Takes the changing lines away.
    func close() { state.withLock { $0.region.clear() } }

    private func draw(_ state: inout State) {
        let width = LiveRegion.width
        state.region.draw(state.board.lines(width: width, at: now))
        state.drawn = now
    }
}

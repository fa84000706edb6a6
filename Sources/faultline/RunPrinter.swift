import Experiments
import Stack
import Synchronization

/// Shows how a run comes along, on standard error: one line that changes on a terminal, a few plain lines elsewhere.
final class RunPrinter: Sendable {
    private struct State {
        var experiment = ""
        var isLineOpen = false
        var tenth = 0
    }

    private let quiet: Bool
    private let isTerminal = Console.isTerminal
    private let state = Mutex(State())

    init(quiet: Bool) { self.quiet = quiet }

    func begin(_ experiment: String) {
        state.withLock {
            $0.experiment = experiment
            $0.tenth = 0
        }
    }

    func say(_ text: String) {
        guard !quiet else { return }
        state.withLock {
            Self.closeLine(&$0)
            Console.error(text)
        }
    }

    func show(_ progress: RunProgress) {
        guard !quiet else { return }
        state.withLock { state in
            switch progress {
            case .phase(let phase):
                let text = "\(state.experiment): \(Self.words(phase))"
                isTerminal ? Self.replaceLine(text, &state) : Console.error(text)
            case .documents(let done, let all, let struck):
                let text = "\(state.experiment): \(done) of \(all) documents, faults struck \(struck)"
                if isTerminal { return Self.replaceLine(text, &state) }
                let tenth = all > 0 ? done * 10 / all : 0
                guard tenth > state.tenth else { return }
                state.tenth = tenth
                Console.error(text)
            }
        }
    }

    func stack(_ progress: StackProgress) { say { StackPrinter(quiet: false).show(progress) } }

    /// Ends the changing line, before something else is printed.
    func close() { state.withLock { Self.closeLine(&$0) } }

    private func say(_ print: () -> Void) {
        guard !quiet else { return }
        state.withLock {
            Self.closeLine(&$0)
            print()
        }
    }

    private static func replaceLine(_ text: String, _ state: inout State) {
        Console.raw("\r\u{1B}[K\(text)")
        state.isLineOpen = true
    }

    private static func closeLine(_ state: inout State) {
        guard state.isLineOpen else { return }
        Console.raw("\r\u{1B}[K")
        state.isLineOpen = false
    }

    private static func words(_ phase: RunPhase) -> String {
        switch phase {
        case .preparing: "making and uploading documents"
        case .baseline: "baseline without faults"
        case .workload: "faults in force"
        case .healing: "faults healed"
        case .settling: "waiting for rest"
        case .checking: "reading the stores"
        case .cleaning: "deleting the run's data"
        }
    }
}

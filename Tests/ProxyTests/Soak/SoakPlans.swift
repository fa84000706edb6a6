import Faults
import Proxy
import Reactor
import Synchronization
import Wire

/// The plans of a soak, drawn from a seed, and what each window of them was.
final class SoakPlans: Sendable {
    struct Drawn: Sendable {
        let fault: SoakFault
        let link: String
        /// As a person would write it.
        let text: String
        /// Which plan it stands in, from 1.
        let plan: Int
    }

    private struct State {
        var random: SeededRandom
        var windows: [Int: Drawn] = [:]
        /// The windows of each plan, by its number.
        var ids: [Int: [Int]] = [:]
        /// Each plan with when it was given to the links, and when they had taken it.
        var plans: [(given: Nanoseconds, taken: Nanoseconds, plan: Int)] = []
    }

    private let links: [String: LinkTraits]
    private let state: Mutex<State>

    init(links: [String: LinkTraits], seed: UInt64) {
        self.links = links
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    /// The next plan: up to three windows, on links of its choice. The ids of windows are never used again.
    func next() throws -> Plan {
        try state.withLock { state in
            let number = state.plans.count + 1
            var windows: [Window] = []
            for _ in 0..<Int.random(in: 0...3, using: &state.random) {
                let link = links.keys.sorted().randomElement(using: &state.random)!
                let traits = links[link]!
                let fault = SoakFault.known(to: traits).randomElement(using: &state.random)!
                let (options, when) = (fault.options(&state.random), fault.selector(&state.random))
                let id = state.windows.count + 1
                let window = try Window.inject(
                    fault.kind, options, id: id, on: link, when: when, over: traits.linkProtocol,
                    service: traits.service)
                windows.append(window.open(closing: SoakPlans.closing(&state.random)))
                state.windows[id] = Drawn(
                    fault: fault, link: link, text: "\(id): \(fault.kind) \(options) on \(link) when \(when)",
                    plan: number)
            }
            state.ids[number] = windows.map(\.id)
            state.plans.append((.now(), .never, number))
            return Plan(windows: windows, seed: state.random.next())
        }
    }

    /// Half of the windows end with their plan, the others of themselves.
    private static func closing(_ random: inout SeededRandom) -> Window.Closing {
        random.toss() ? .withPlan : .lasting(.milliseconds(Int.random(in: 1...200, using: &random)))
    }

    /// A plan without a window, which ends all others.
    func last() -> Plan {
        state.withLock { $0.plans.append((.now(), .never, $0.plans.count + 1)) }
        return Plan()
    }

    /// The latest plan is in force.
    func taken() { state.withLock { $0.plans[$0.plans.count - 1].taken = .now() } }

    /// How long it took at most until the links had taken a plan.
    var longestTaking: Duration {
        state.withLock { state in
            .nanoseconds(state.plans.map { ($0.taken - $0.given).rawValue }.max() ?? 0)
        }
    }

    func draw<Value>(_ body: (inout SeededRandom) -> Value) -> Value { state.withLock { body(&$0.random) } }

    func window(_ id: Int) -> Drawn? { state.withLock { $0.windows[id] } }

    func windows(of plan: Int, on link: String) -> [Drawn] {
        state.withLock { state in
            (state.ids[plan] ?? []).compactMap { state.windows[$0] }.filter { $0.link == link }
        }
    }

    var count: Int { state.withLock { $0.plans.count } }

    /// The windows on a link that may have been in force between two times.
    func windows(on link: String, from begin: Nanoseconds, to end: Nanoseconds) -> [Drawn] {
        state.withLock { state in
            state.plans.indices.flatMap { index -> [Drawn] in
                let over = index + 1 < state.plans.count ? state.plans[index + 1].taken : .never
                let isInForce = state.plans[index].given <= end && over >= begin
                guard isInForce else { return [] }
                return (state.ids[state.plans[index].plan] ?? []).compactMap { state.windows[$0] }.filter {
                    $0.link == link
                }
            }
        }
    }
}

extension Window {
    fileprivate func open(closing: Closing) -> Window {
        Window(id: id, link: link, selector: selector, fault: fault, opening: opening, closing: closing)
    }
}

/// How long each phase took.
struct RunClock {
    private var phase: RunPhase?
    private var began = ContinuousClock.now
    private(set) var times: [PhaseTime] = []

    mutating func enter(_ next: RunPhase?) {
        let now = ContinuousClock.now
        if let phase { times.append(PhaseTime(phase: phase, seconds: (now - began) / .seconds(1))) }
        phase = next
        began = now
    }
}

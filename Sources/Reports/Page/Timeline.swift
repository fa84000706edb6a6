package import Experiments
import Foundation

/// The wire of a run over time, one row a link, and one for each process that was struck. Times are seconds since the workload began.
package struct Timeline: Hashable, Sendable {
    /// A stretch of time, as shares of the whole from 0 to 1.
    package struct Stretch: Hashable, Sendable {
        package var name: String
        package var from: Double
        package var to: Double
    }

    package struct Tick: Hashable, Sendable {
        package var seconds: Double
        package var share: Double
    }

    package struct Row: Hashable, Sendable {
        /// The link's or the process's.
        package var name: String
        /// A process has no messages, only windows: the times at which it was down, or stood still.
        package var isProcess = false
        /// Chunks of bytes where the link knows no requests.
        package var noun: String
        package var requests: [Int]
        package var struck: [Int]
        package var windows: [Stretch]

        package var total: Int { requests.reduce(0, +) }
        package var struckTotal: Int { struck.reduce(0, +) }
        package var peak: Int { requests.max() ?? 0 }
    }

    package var begin: Double
    package var end: Double
    /// Seconds a bucket.
    package var bucket: Double
    package var rows: [Row]
    package var phases: [Stretch]

    /// Nil when nothing was on the wire.
    ///
    /// - Parameters:
    ///   - workload: history time of the workload's beginning; the first event's where it is not known.
    package init?(
        _ wire: WireDigest, workload: Int64?, windows: [WindowSpan] = [], phases: [PhaseTime] = []
    ) {
        var activity = wire.activity
        if let last = windows.map(\.to).max() { activity.reach(last) }
        guard activity.count > 0 else { return nil }
        let zero = workload ?? activity.origin
        let length = activity.width * Int64(activity.count)
        begin = Double(activity.origin - zero) / 1e9
        end = Double(activity.origin + length - zero) / 1e9
        bucket = Double(activity.width) / 1e9
        let whole = Double(activity.origin - zero)...Double(activity.origin + length - zero)
        func stretches(_ isOfRow: (WindowSpan) -> Bool) -> [Stretch] {
            windows.filter(isOfRow).compactMap { window in
                Stretch(window.name, Double(window.from - zero), Double(max(window.from, window.to) - zero), of: whole)
            }
        }
        rows = activity.links.keys.sorted().map { link in
            let counts = activity.counts(of: link)
            return Row(
                name: link, noun: wire.talking.contains(link) ? "request" : "chunk", requests: counts.requests,
                struck: counts.struck, windows: stretches { $0.link == link && $0.process == nil })
        }
        rows += Set(windows.compactMap(\.process)).sorted().map { process in
            Row(
                name: process, isProcess: true, noun: "", requests: [], struck: [],
                windows: stretches { $0.process == process })
        }
        self.phases = workload == nil ? [] : Self.stretches(phases, of: whole)
    }

    /// Phases follow each other; the workload's beginning is the zero of all times.
    private static func stretches(_ phases: [PhaseTime], of whole: ClosedRange<Double>) -> [Stretch] {
        let before = phases.prefix { $0.phase != .workload }.reduce(0) { $0 + $1.seconds }
        guard phases.contains(where: { $0.phase == .workload }) else { return [] }
        var time = -before * 1e9
        return phases.compactMap { phase in
            defer { time += phase.seconds * 1e9 }
            return Stretch(phase.phase.rawValue, time, time + phase.seconds * 1e9, of: whole)
        }
    }

    /// At most six round times to write below the picture, with their shares of the whole.
    package var ticks: [Tick] {
        let length = end - begin
        guard length > 0 else { return [] }
        let magnitude = pow(10, floor(log10(length / 5)))
        let step = [1, 2, 5, 10].map { $0 * magnitude }.first { length / $0 <= 5 } ?? length
        let first = Int((begin / step).rounded(.up))
        let last = Int((end / step).rounded(.down))
        guard first <= last else { return [] }
        return (first...last).map { Tick(seconds: Double($0) * step, share: (Double($0) * step - begin) / length) }
    }
}

extension Timeline.Stretch {
    /// Nil where it lies outside the whole.
    fileprivate init?(_ name: String, _ from: Double, _ to: Double, of whole: ClosedRange<Double>) {
        let length = whole.upperBound - whole.lowerBound
        guard length > 0, to >= whole.lowerBound, from <= whole.upperBound else { return nil }
        self.name = name
        self.from = max(0, (from - whole.lowerBound) / length)
        self.to = min(1, (to - whole.lowerBound) / length)
    }
}

/// The limits of all activities of a worker.
package struct ActivityPolicies: Hashable, Sendable, Codable {
    package var download = ActivityPolicy(
        retry: RetryPolicy(attempts: 8, first: .milliseconds(200), cap: .seconds(4)), startToClose: .seconds(10),
        scheduleToClose: .seconds(20))
    package var parse = ActivityPolicy(
        retry: RetryPolicy(attempts: 2, first: .milliseconds(500), cap: .seconds(1)), startToClose: .seconds(60))
    package var extractEntities = ActivityPolicy(
        retry: RetryPolicy(attempts: 1, first: .zero, cap: .zero), startToClose: .seconds(60))
    package var embed = ActivityPolicy(
        retry: RetryPolicy(attempts: 8, first: .milliseconds(250), cap: .seconds(4)), startToClose: .seconds(8),
        scheduleToClose: .seconds(20))
    package var snapshot = store
    package var write = store
    package var remove = store
    /// Tried until it succeeds.
    package var restore = ActivityPolicy(
        retry: RetryPolicy(attempts: .max, first: .milliseconds(100), cap: .seconds(1)), startToClose: .seconds(8),
        perChunk: .milliseconds(5), outlastsRefusals: true)
    package var cleanUp = ActivityPolicy(
        retry: RetryPolicy(attempts: 3, first: .milliseconds(50), cap: .seconds(1)), startToClose: .seconds(10))

    /// Concurrent documents share entities, so conflicts are usual and pass quickly: many tries, short waits. Each chunk adds
    /// a little, so that a large document's write, healthy and slow, is not taken for one that hangs.
    private static let store = ActivityPolicy(
        retry: RetryPolicy(attempts: 40, first: .milliseconds(50), cap: .milliseconds(500), jitter: 1),
        startToClose: .seconds(6), scheduleToClose: .seconds(8), perChunk: .milliseconds(5))

    package init() {}

    package subscript(activity: Activity) -> ActivityPolicy {
        switch activity {
        case .download: download
        case .parse: parse
        case .extractEntities: extractEntities
        case .embed: embed
        case .snapshot: snapshot
        case .write: write
        case .remove: remove
        case .restore: restore
        case .cleanUp: cleanUp
        }
    }
}

extension ActivityPolicies {
    mutating func changeAll(_ change: (inout ActivityPolicy) -> Void) {
        let all: [WritableKeyPath<ActivityPolicies, ActivityPolicy>] = [
            \.download, \.parse, \.extractEntities, \.embed, \.snapshot, \.write, \.remove, \.restore, \.cleanUp,
        ]
        for policy in all { change(&self[keyPath: policy]) }
    }
}

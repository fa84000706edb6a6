/// The limits of all activities of a worker.
package struct ActivityPolicies: Hashable, Sendable, Codable {
    package var download = ActivityPolicy(
        retry: RetryPolicy(attempts: 5, first: .milliseconds(200), cap: .seconds(5)), startToClose: .seconds(30))
    package var parse = ActivityPolicy(
        retry: RetryPolicy(attempts: 2, first: .milliseconds(500), cap: .seconds(1)), startToClose: .seconds(60))
    package var extractEntities = ActivityPolicy(
        retry: RetryPolicy(attempts: 1, first: .zero, cap: .zero), startToClose: .seconds(60))
    package var embed = ActivityPolicy(
        retry: RetryPolicy(attempts: 6, first: .milliseconds(250), cap: .seconds(8)), startToClose: .seconds(30))
    /// Concurrent documents share entities, so conflicts are usual and pass quickly: many tries, short first waits.
    package var write = ActivityPolicy(
        retry: RetryPolicy(attempts: 10, first: .milliseconds(50), cap: .seconds(4), jitter: 1),
        startToClose: .seconds(180))
    package var remove = ActivityPolicy(
        retry: RetryPolicy(attempts: 10, first: .milliseconds(50), cap: .seconds(4), jitter: 1),
        startToClose: .seconds(60))

    package init() {}

    package subscript(activity: Activity) -> ActivityPolicy {
        switch activity {
        case .download: download
        case .parse: parse
        case .extractEntities: extractEntities
        case .embed: embed
        case .write: write
        case .remove: remove
        }
    }
}

/// The windows in force. Immutable: a change is another plan.
package struct Plan: Sendable {
    package var windows: [Window]
    package var seed: UInt64

    package init(windows: [Window] = [], seed: UInt64 = 0) {
        self.windows = windows
        self.seed = seed
    }
}

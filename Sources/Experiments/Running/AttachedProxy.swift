import Faults
package import Proxy

/// A standing proxy whose links a run uses in place of its own.
package struct AttachedProxy: Sendable {
    /// Of its control API, `HOST:PORT`.
    package var address: String
    /// Makes the links of one run.
    package var links: @Sendable (_ experiment: String, _ historyPath: String) throws -> any LinkControl

    package init(
        address: String,
        links: @escaping @Sendable (_ experiment: String, _ historyPath: String) throws -> any LinkControl
    ) {
        self.address = address
        self.links = links
    }

    /// Why a process cannot be struck at a message, and what to do.
    package static func cannotStrike(_ process: String) -> String {
        "the process '\(process)' is struck at a message, which only links in the run's own process can hold meanwhile; run it "
            + "without --attach, or strike the process at a time: 'from: 5s' in place of 'at'"
    }
}

extension Experiment {
    /// The name of a process that it strikes at a message; nil: none.
    package var processStruckAtMessage: String? {
        windows.compactMap(\.process).first { $0.stage != nil }?.name
    }
}

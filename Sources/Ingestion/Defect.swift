/// A realistic bug that can be planted in the reference worker, to prove that the tester finds it.
/// Nothing but the worker knows which are on: neither oracles nor expectations can ask.
package enum Defect: String, CaseIterable, Hashable, Sendable, Codable {
    case noExtensionFallback = "no-extension-fallback"

    /// The name on the command line.
    package var name: String { rawValue }

    /// What a listing shows of a defect.
    package struct Entry: Hashable, Sendable, Codable {
        package var defect: Defect
        package var title: String
        /// What the worker does wrong when the defect is on.
        package var effect: String
        /// The experiment of the catalogue that catches it, without folder or extension.
        package var caughtBy: String

        package var name: String { defect.name }
    }

    /// All defects, one line an entry, in the order of the listing.
    package static let registry: [Entry] = [
        Entry(
            defect: .noExtensionFallback, title: "File extension from Content-Type only",
            effect: "without a usable Content-Type the temporary file has no extension, and the parser refuses it",
            caughtBy: "s3-missing-content-type")
    ]
}

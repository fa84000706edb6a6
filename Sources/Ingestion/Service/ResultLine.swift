import Foundation

/// A line that a worker answers with: what became of one submission, or what is wrong with a line that it was fed.
package struct ResultLine: Encodable {
    private var id: String?
    private var document: String?
    /// `succeeded`, `rolled-back` or `unknown`.
    private var result: String?
    private var digest: String?
    private var chunks: Int?
    private var entities: Int?
    private var attempts: [String: Int]?
    private var reason: String?
    /// From 1.
    private var line: Int?
    private var error: String?

    package init(_ result: IngestionResult) {
        id = result.id
        document = result.document
        switch result.outcome {
        case .succeeded: self.result = "succeeded"
        case .rolledBack: self.result = "rolled-back"
        case .unknown: self.result = "unknown"
        }
        digest = result.digest
        chunks = result.chunks
        entities = result.entities
        attempts = result.attempts
        reason = result.reason
    }

    package init(line: Int, error: any Error) {
        self.line = line
        self.error = "line \(line): \(error)"
    }

    /// Without a line's end.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { preconditionFailure("a result line is plain JSON") }
        return String(decoding: data, as: UTF8.self)
    }
}

package import Ingestion

/// A document that the pipeline did not ingest: where it was lost, and why.
package struct LostDocument: Hashable, Sendable, Codable {
    /// The id that it was submitted under.
    package var document: String
    /// The file's name.
    package var name: String
    /// The activity that failed for good.
    package var step: String
    /// The service that the step calls; `worker` when it calls none.
    package var service: String
    /// The service's own code, or the worker's name for its error.
    package var code: String?
    package var reason: String
    /// Faults that struck a call of this document, as far as the links' keys tell documents apart.
    package var struckBy: [String]

    package init?(_ result: IngestionResult, struckBy: [String]) {
        switch result.outcome {
        case .succeeded: return nil
        case .rolledBack(let failures), .unknown(let failures):
            let first = failures.first
            document = result.document
            name = result.document.split(separator: "/").last.map(String.init) ?? result.document
            step = first?.activity.name ?? "unknown"
            service = first?.service ?? first?.activity.service ?? "worker"
            code = first?.code
            reason = failures.map(\.reason).joined(separator: "; ")
            self.struckBy = struckBy
        }
    }
}

/// What goes wrong inside the worker, mostly for good: a document that can't be ingested, whatever the services do.
/// What services do wrong is a `StoreError` instead.
package struct IngestionError: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable, Codable {
        case unsupportedFormat = "UnsupportedFormat"
        case malformedDocument = "MalformedDocument"
        case emptyText = "EmptyText"
        case missingTool = "MissingTool"
        case parserTimeout = "ParserTimeout"
        case localFile = "LocalFile"
        case configuration = "Configuration"
        case leaseLost = "LeaseLost"
    }

    package var kind: Kind
    /// What is wrong and, where something can be done about it, what.
    package var reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    package var description: String { "\(kind.rawValue): \(reason)" }
}

extension IngestionError {
    /// The machine was busy, full or halted, which may pass; a document stays as bad as it is.
    package var isTransient: Bool { kind == .parserTimeout || kind == .localFile || kind == .leaseLost }
}

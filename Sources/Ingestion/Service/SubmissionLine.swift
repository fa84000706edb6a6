import Foundation

/// A line that a worker is fed: one submission as a JSON object.
package struct SubmissionLine {
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    private struct Fields: Decodable {
        var id: String?
        var kind: String?
        var document: String?
        var key: String?
    }

    package let request: IngestionRequest

    /// - Throws: `Malformed`, saying what is wrong with the line.
    package init(_ line: String) throws {
        let fields: Fields
        do {
            fields = try JSONDecoder().decode(Fields.self, from: Data(line.utf8))
        } catch DecodingError.typeMismatch(_, let context) {
            let field = context.codingPath.last.map { "\"\($0.stringValue)\" must be a string" }
            throw Malformed(description: field ?? "not a JSON object")
        } catch {
            throw Malformed(description: "not a JSON object")
        }
        let kind = try Self.kind(fields.kind)
        request = IngestionRequest(
            id: try Self.filled(fields.id, "id"), kind: kind, document: try Self.filled(fields.document, "document"),
            key: kind == .ingest ? try Self.filled(fields.key, "key") : "")
    }

    private static func kind(_ name: String?) throws -> IngestionRequest.Kind {
        guard let name else { return .ingest }
        guard let kind = IngestionRequest.Kind(rawValue: name) else {
            let known = IngestionRequest.Kind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            throw Malformed(description: "\"kind\" is \"\(name)\"; it must be \(known)")
        }
        return kind
    }

    private static func filled(_ value: String?, _ name: String) throws -> String {
        guard let value, !value.isEmpty else { throw Malformed(description: "\"\(name)\" is missing") }
        return value
    }
}

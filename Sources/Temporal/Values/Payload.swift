import Foundation

/// A value on its way through Temporal: bytes, and how they are to be read.
package struct Payload: Hashable, Sendable {
    /// `encoding` and others; values are bytes on the wire and text by use.
    package var metadata: [String: String]
    package var data: [UInt8]

    /// Encodings that the SDKs' default converters write.
    private enum Encoding {
        static let json = "json/plain"
        static let none = "binary/null"
    }

    package init(metadata: [String: String], data: [UInt8]) {
        self.metadata = metadata
        self.data = data
    }

    /// JSON text as it is, which every SDK's default converter reads.
    package init(json: [UInt8]) {
        self.init(metadata: ["encoding": Encoding.json], data: json)
    }

    /// - Throws: `EncodingError`.
    package init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(json: Array(try encoder.encode(value)))
    }

    /// No value at all.
    package static let null = Payload(metadata: ["encoding": Encoding.none], data: [])

    package var encoding: String? { metadata["encoding"] }

    /// The JSON text, `null` for no value; nil for any other encoding.
    package var json: [UInt8]? {
        switch encoding {
        case Encoding.json: data
        case Encoding.none: Array("null".utf8)
        default: nil
        }
    }

    /// - Throws: `DecodingError`, also for what is not JSON.
    package func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        guard let json else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: [], debugDescription: "a payload has the encoding '\(encoding ?? "none")', not JSON"))
        }
        return try JSONDecoder().decode(Value.self, from: Data(json))
    }
}

extension Payload {
    init(_ wire: Temporal_Api_Common_V1_Payload) {
        self.init(
            metadata: wire.metadata.mapValues { String(decoding: $0, as: UTF8.self) }, data: Array(wire.data))
    }

    var wire: Temporal_Api_Common_V1_Payload {
        var wire = Temporal_Api_Common_V1_Payload()
        wire.metadata = metadata.mapValues { Data($0.utf8) }
        wire.data = Data(data)
        return wire
    }
}

extension [Payload] {
    init(_ wire: Temporal_Api_Common_V1_Payloads) { self = wire.payloads.map(Payload.init) }

    var wire: Temporal_Api_Common_V1_Payloads {
        var wire = Temporal_Api_Common_V1_Payloads()
        wire.payloads = map(\.wire)
        return wire
    }
}

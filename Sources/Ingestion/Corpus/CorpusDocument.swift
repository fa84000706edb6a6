/// One document of a workload.
package struct CorpusDocument: Hashable, Sendable {
    /// With the extension of its format.
    package var name: String
    package var format: DocumentFormat
    package var contentType: String
    package var bytes: [UInt8]

    package init(name: String, format: DocumentFormat, bytes: [UInt8]) {
        self.name = name
        self.format = format
        contentType = format.contentType
        self.bytes = bytes
    }
}

/// The rule of the defect `binary-type-not-generic`: the name is asked only where the Content-Type is missing or the one
/// generic type that the standard has. S3's own, `binary/octet-stream`, is looked up and not found.
package struct HeaderUnlessGeneric: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        guard let type = MediaType(header: contentType), type.essence != "application/octet-stream" else {
            return NameThenHeaderThenContent().fileExtension(contentType: nil, names: names, head: head)
        }
        return type.fileExtension
    }
}

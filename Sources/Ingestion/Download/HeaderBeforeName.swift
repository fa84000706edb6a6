/// The rule of the defect `content-type-believed`: a media type that is known is right, whatever the name says.
package struct HeaderBeforeName: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        MediaType(header: contentType)?.fileExtension
            ?? NameThenHeaderThenContent().fileExtension(contentType: nil, names: names, head: head)
    }
}

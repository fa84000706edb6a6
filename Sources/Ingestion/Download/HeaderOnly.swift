/// The rule of the defect `no-extension-fallback`, and of the users' recorded bug: the Content-Type or nothing.
package struct HeaderOnly: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        MediaType(header: contentType)?.fileExtension
    }
}

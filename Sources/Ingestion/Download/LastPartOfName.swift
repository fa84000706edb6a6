/// The rule of the defect `dotless-name-is-extension`: without a Content-Type that says something, whatever stands behind
/// the last dot of the key, as Python's `key.split(".")[-1]` gives it: of a name without a dot, all.
package struct LastPartOfName: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        if let typed = MediaType(header: contentType)?.fileExtension { return typed }
        let file = names.first?.split(separator: "/").last
        return file?.split(separator: ".").last.map(String.init)
    }
}

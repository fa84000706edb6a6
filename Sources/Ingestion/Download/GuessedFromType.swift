/// The rule of the defect `generic-type-guessed`: a table of media types is asked first, as Python's
/// `mimetypes.guess_extension` is, and has an answer for bytes of no type too.
package struct GuessedFromType: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        if MediaType(header: contentType)?.essence == "application/octet-stream" { return "bin" }
        return NameThenHeaderThenContent().fileExtension(contentType: contentType, names: names, head: head)
    }
}

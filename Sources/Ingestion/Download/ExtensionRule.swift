/// Decides which extension the temporary file of a downloaded object gets. The parser goes by that extension.
package protocol ExtensionRule: Sendable {
    /// - Parameters:
    ///   - contentType: the header's value; nil when the answer has none.
    ///   - names: the object key and the document's id, in the order in which they are trusted.
    ///   - head: the first bytes of the object.
    /// - Returns: lower case, without a dot; nil when nothing tells.
    func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String?
}

/// The right rule: a name that the parser knows, which nobody changes on the way; else the Content-Type, where it says
/// something; else the content itself.
package struct NameThenHeaderThenContent: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        let content = ContentSignature.format(of: head)
        // Nothing else begins so.
        if content == .pdf { return DocumentFormat.pdf.fileExtension }
        let candidates = names.compactMap(Self.lastExtension)
        if let named = candidates.first(where: { DocumentFormat(fileExtension: $0) != nil }) { return named }
        if let typed = MediaType(header: contentType)?.fileExtension { return typed }
        if let named = candidates.first(where: MediaType.isKnown) { return named }
        // Where nothing tells, a name with an extension that nobody knows is what the error will say.
        return content?.fileExtension ?? candidates.first
    }

    /// What follows the last dot of the last path component: 1 to 8 ASCII letters and digits.
    static func lastExtension(of name: String) -> String? {
        let file = name.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
        guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return nil }
        let tail = file[file.index(after: dot)...]
        let isPlausible =
            (1...8).contains(tail.utf8.count) && tail.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isPlausible ? tail.lowercased() : nil
    }
}

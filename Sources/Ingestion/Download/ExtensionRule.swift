/// Decides which extension the temporary file of a downloaded object gets. The parser goes by that extension.
package protocol ExtensionRule: Sendable {
    /// - Parameters:
    ///   - contentType: the header's value; nil when the answer has none.
    ///   - names: the object key and the document's id, in the order in which they are trusted.
    ///   - head: the first bytes of the object.
    /// - Returns: lower case, without a dot; nil when nothing tells.
    func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String?
}

/// The right rule: the Content-Type, else a name, else the content itself.
package struct HeaderThenNameThenContent: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        if let known = MediaType(header: contentType)?.fileExtension { return known }
        let candidates = names.compactMap(Self.lastExtension)
        if let known = candidates.first(where: MediaType.isKnown) { return known }
        if head.starts(with: Array("%PDF-".utf8)) { return DocumentFormat.pdf.fileExtension }
        // Not one we know, but the error will name it.
        return candidates.first
    }

    /// What follows the last dot of the last path component: 1 to 8 ASCII letters and digits.
    private static func lastExtension(of name: String) -> String? {
        let file = name.split(separator: "/", omittingEmptySubsequences: true).last ?? ""
        guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return nil }
        let tail = file[file.index(after: dot)...]
        let isPlausible =
            (1...8).contains(tail.utf8.count) && tail.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isPlausible ? tail.lowercased() : nil
    }
}

/// The rule of the defect `no-extension-fallback`, and of the users' recorded bug: the Content-Type or nothing.
package struct HeaderOnly: ExtensionRule {
    package init() {}

    package func fileExtension(contentType: String?, names: [String], head: [UInt8]) -> String? {
        MediaType(header: contentType)?.fileExtension
    }
}

/// Where a value stands, for messages about it.
package struct SpecPlace: Hashable, Sendable {
    package var file: String
    package var path: String
    package var mark: SpecNode.Mark

    package init(file: String, path: String, mark: SpecNode.Mark) {
        self.file = file
        self.path = path
        self.mark = mark
    }

    /// The value of an option of this mapping.
    package func option(_ key: String, at mark: SpecNode.Mark) -> SpecPlace {
        SpecPlace(file: file, path: path.isEmpty ? key : "\(path).\(key)", mark: mark)
    }

    /// An element of this list.
    package func element(_ index: Int, at mark: SpecNode.Mark) -> SpecPlace {
        SpecPlace(file: file, path: "\(path)[\(index)]", mark: mark)
    }

    /// - Parameter what: completes a sentence that begins with the path.
    package func error(_ what: String, mend: String? = nil) -> SpecError {
        SpecError(file: file, line: mark.line, path: path, what: what, mend: mend)
    }
}

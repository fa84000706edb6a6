import Wire

/// The head lies about the body.
struct WrongLength: Fault {
    static let kind = "wrong-length"
    static let summary = """
        Content-Length says so many bytes more, or fewer, than the body has, and the connection ends after it; a message \
        whose length its head does not tell is left alone, and so is a body that is shorter than what shall be missing
        """
    static let strike = "a message whose head was wrong"
    static let protocols = [LinkProtocol.http]
    static let direction: Direction? = .response
    static let attributes: [FaultAttribute] = [
        .required("by", "size, also below 0", "10B", "how many bytes more; below 0, how many fewer")
    ]
    static let example = "{ by: 10B }"

    let by: Int

    init(spec: inout Spec) throws(SpecError) {
        by = try spec.required("by", .byteDifference)
        guard by != 0 else {
            throw spec.error("by", "is no difference at all", mend: "write one such as 10B or -10B")
        }
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        guard let length = message.bodyBytes, length > 0, length + by >= 0 else { return nil }
        return .misframe(by: by)
    }
}

extension SpecType where Value == Int {
    /// A size, with a minus before it or not.
    fileprivate static var byteDifference: SpecType {
        SpecType(example: "10B") { node, place throws(SpecError) in
            guard case .scalar(let text) = node.content, text.hasPrefix("-") else {
                return try SpecType<Int>.byteSize.read(node, place)
            }
            return try -SpecType<Int>.byteSize.read(SpecNode(.scalar(String(text.dropFirst())), at: node.mark), place)
        }
    }
}

import Wire

/// What was written at once arrives in pieces.
struct Slice: Fault {
    static let kind = "slice"
    static let summary = """
        bytes arrive in pieces of this size, give or take 'variation', with 'gap' between two pieces; none is lost
        """
    static let strike = "a message that went out in more than one piece"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = nil
    static let attributes: [FaultAttribute] = [
        .required("size", "size", "64B", "bytes of a piece"),
        .optional(
            "variation", "size", "16B", or: "0B", "how many more or fewer a piece may have; below the size"),
        .optional(
            "gap", "time", "1ms", or: "0s", "between two pieces"),
    ]
    static let example = "{ size: 64B, variation: 16B, gap: 1ms }"

    let slicing: Slicing

    init(spec: inout Spec) throws(SpecError) {
        let size = try spec.required("size", .byteSize)
        let variation = try spec.optional("variation", .byteSize) ?? 0
        let gap = try spec.optional("gap", .duration) ?? .zero
        guard size > 0 else { throw spec.error("size", "is no byte at all", mend: "a piece has one byte or more") }
        guard variation < size else {
            throw spec.error(
                "variation", "is not below the size", mend: "a piece has one byte or more: write less than the size")
        }
        slicing = Slicing(size: size, variation: variation, gap: gap)
    }

    init(_ slicing: Slicing) { self.slicing = slicing }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .slice(slicing) }
}

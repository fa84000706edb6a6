import Wire

/// Every byte takes its time.
struct Bandwidth: Fault {
    static let kind = "bandwidth"
    static let summary = """
        bytes pass no faster than this, in each direction of each connection for itself; smoothly, never more than 10 ms \
        of the rate at once
        """
    static let strike = "a message of which bytes had to wait"
    static let protocols = LinkProtocol.allCases
    static let direction: Direction? = nil
    static let attributes: [FaultAttribute] = [
        .required("rate", "rate", "64KiB/s", "bytes in a second")
    ]
    static let example = "{ rate: 64KiB/s }"

    let bytesPerSecond: Int

    init(spec: inout Spec) throws(SpecError) { bytesPerSecond = try spec.required("rate", .byteRate) }

    init(bytesPerSecond: Int) { self.bytesPerSecond = bytesPerSecond }

    func act(on message: Message, random: inout SeededRandom) -> Intent? { .pace(bytesPerSecond: bytesPerSecond) }
}

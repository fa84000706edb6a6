package import Wire

/// What all windows together intend for one message.
package struct Decision: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        case forward
        case hold
        case reply(Reply)
        case reset(after: Int?)
        case truncate(after: Int)
    }

    /// The delays of all windows, added up.
    package var delay = Duration.zero
    package var edits: [HeadEdit] = []
    package var ending = Ending.forward
    /// The windows that struck, by id.
    package var struckBy: [Int] = []

    package init() {}

    package var isUntouched: Bool { struckBy.isEmpty }
    package var isFinal: Bool { ending != .forward }

    mutating func add(_ intent: Intent, window: Int) {
        struckBy.append(window)
        switch intent {
        case .delay(let duration): delay += duration
        case .edit(let edit): edits.append(edit)
        case .hold: ending = .hold
        case .reply(let reply): ending = .reply(reply)
        case .reset(let bytes): ending = .reset(after: bytes)
        case .truncate(let bytes): ending = .truncate(after: bytes)
        }
    }
}

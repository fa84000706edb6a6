package import Wire

/// What all windows together intend for one message.
package struct Decision: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        case forward
        case hold
        case reply(Reply)
        case reset(after: Int?)
        case close(after: Int?)
        case halfClose
        case truncate(after: Int)
    }

    /// The delays of all windows, added up.
    package var delay = Duration.zero
    package var edits: [HeadEdit] = []
    package var shape = Shape()
    package var ending = Ending.forward
    /// The windows that struck, by id.
    package var struckBy: [Int] = []

    package init() {}

    package var isUntouched: Bool { struckBy.isEmpty && shape.isPlain }
    package var isFinal: Bool { ending != .forward }

    mutating func add(_ intent: Intent, window: Int) {
        if intent.isCertain { struckBy.append(window) }
        switch intent {
        case .delay(let duration): delay += duration
        case .edit(let edit): edits.append(edit)
        case .pace(let rate): shape.paces.append(Shape.Pace(window: window, bytesPerSecond: rate))
        case .slice(let slicing): shape.slices.append(Shape.Slice(window: window, slicing: slicing))
        case .corrupt(let share): shape.corruptions.append(Shape.Corruption(window: window, share: share))
        case .hold: ending = .hold
        case .reply(let reply): ending = .reply(reply)
        case .reset(let bytes): ending = .reset(after: bytes)
        case .close(let bytes): ending = .close(after: bytes)
        case .halfClose: ending = .halfClose
        case .truncate(let bytes): ending = .truncate(after: bytes)
        }
    }
}

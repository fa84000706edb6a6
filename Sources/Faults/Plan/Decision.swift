package import Wire

/// What all windows together intend for one message.
package struct Decision: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        case forward
        case hold
        case hang
        case lose
        case reply(Reply)
        /// - Parameter window: whom to tell once it is carried out.
        case replyAfter(Reply, window: Int)
        case reset(after: Int?)
        case close(after: Int?)
        case halfClose
        case truncate(after: Int)
        case misframe(by: Int)
    }

    /// A change of the body, by the window that wants it.
    package struct Rewrite: Hashable, Sendable {
        package var window: Int
        package var edit: BodyEdit
        package var upTo: Int
    }

    /// Sending a request twice, by the window that wants it.
    package struct Duplicate: Hashable, Sendable {
        package var window: Int
        package var upTo: Int
    }

    /// The delays of all windows, added up.
    package var delay = Duration.zero
    package var edits: [HeadEdit] = []
    /// Changes to the head of a request's answer.
    package var answerEdits: [HeadEdit] = []
    package var rewrites: [Rewrite] = []
    package var duplicate: Duplicate?
    package var shape = Shape()
    package var ending = Ending.forward
    /// The window that holds it, where its ending is to be held or hung.
    package var holder = 0
    /// The windows that have a process struck because of it; the last of them may hold it.
    package var summons: [Int] = []
    /// The windows that struck, by id.
    package var struckBy: [Int] = []
    /// The windows that have only watched it.
    package var watchedBy: [Int] = []

    package init() {}

    /// Nothing shall happen to it, whatever it is carried out on.
    package var isUntouched: Bool {
        struckBy.isEmpty && summons.isEmpty && shape.isPlain && rewrites.isEmpty && duplicate == nil
            && ending == .forward
    }

    package var isFinal: Bool { ending != .forward }

    mutating func add(_ intent: Intent, window: Int) {
        if intent == .watch {
            watchedBy.append(window)
            return
        }
        if intent.isCertain { struckBy.append(window) }
        switch intent {
        case .watch: break
        case .delay(let duration): delay += duration
        case .edit(let edit): edits.append(edit)
        case .editAnswer(let edits): answerEdits += edits
        case .rewrite(let edit, let bytes): rewrites.append(Rewrite(window: window, edit: edit, upTo: bytes))
        case .duplicate(let bytes): duplicate = duplicate ?? Duplicate(window: window, upTo: bytes)
        case .pace(let rate): shape.paces.append(Shape.Pace(window: window, bytesPerSecond: rate))
        case .slice(let slicing): shape.slices.append(Shape.Slice(window: window, slicing: slicing))
        case .corrupt(let share): shape.corruptions.append(Shape.Corruption(window: window, share: share))
        case .summon(let holds):
            summons.append(window)
            if holds { (ending, holder) = (.hold, window) }
        case .hold: (ending, holder) = (.hold, window)
        case .hang: (ending, holder) = (.hang, window)
        case .lose: ending = .lose
        case .reply(let reply): ending = .reply(reply)
        case .replyAfter(let reply): ending = .replyAfter(reply, window: window)
        case .reset(let bytes): ending = .reset(after: bytes)
        case .close(let bytes): ending = .close(after: bytes)
        case .halfClose: ending = .halfClose
        case .truncate(let bytes): ending = .truncate(after: bytes)
        case .misframe(let bytes): ending = .misframe(by: bytes)
        }
    }
}

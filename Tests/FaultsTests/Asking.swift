import Faults
import Wire

/// Asks a single window as a link does.
enum Asking {
    /// What shall happen to the first message.
    static func decision(_ window: Window, on message: Message, call: UInt64 = 1) -> Decision {
        var windows = LinkWindows(link: window.link).replaced(by: Plan(windows: [window], seed: 7))
        return windows.decide(message, call: call, at: .zero)
    }

    /// What shall happen to the first connection.
    static func intent(_ window: Window, on connection: ConnectionInSight) -> ConnectionIntent? {
        var windows = LinkWindows(link: window.link).replaced(by: Plan(windows: [window], seed: 7))
        return windows.admit(connection, at: .zero).first?.intent
    }

    /// What the fault wants of a message; `nil` when it leaves it alone.
    static func intent(_ window: Window, on message: Message) -> Intent? {
        guard window.selector.matches(message) else { return nil }
        var random = SeededRandom(seed: 7)
        return window.fault.act(on: message, random: &random)
    }
}

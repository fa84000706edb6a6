import Foundation

/// The last lines of a terminal, drawn again and again in place. The cursor stays visible and on the last of them, so that nothing
/// needs to be restored however the program ends.
struct LiveRegion {
    /// Room for the `^C` that a terminal echoes, and for the cursor.
    private static let margin = 3

    private var count = 0

    var isOpen: Bool { count > 0 }

    /// Columns that a line may take.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 - margin }
        return max(0, Int(size.ws_col) - margin)
    }

    /// Replaces what is drawn. Only as many lines are gone back as were drawn, so that nothing above is ever lost: after a
    /// terminal grew narrower, and wrapped them, a piece of an old one may stay.
    mutating func draw(_ lines: [String]) {
        Console.raw(back + lines.joined(separator: "\r\n"))
        count = lines.count
    }

    mutating func clear() {
        guard isOpen else { return }
        Console.raw(back)
        count = 0
    }

    /// To the beginning of the first line, with all below it erased.
    private var back: String {
        isOpen ? "\r" + String(repeating: "\u{1B}[A", count: count - 1) + "\u{1B}[J" : ""
    }
}

import Glibc

/// How wide text may be.
enum TerminalWidth {
    /// Of standard output, from 40 to 120; 100 where nobody knows.
    static var ofOutput: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return fit(Int(size.ws_col)) }
        return getenv("COLUMNS").flatMap { Int(String(cString: $0)) }.map(fit) ?? 100
    }

    /// Lines that are longer are hard to read.
    private static func fit(_ columns: Int) -> Int { min(max(columns, 40), 120) }
}

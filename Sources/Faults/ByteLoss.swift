/// How bytes of a connection go nowhere until it ends.
package struct Swallowing: Hashable, Sendable {
    package enum End: String, Hashable, Sendable, CaseIterable {
        /// In order, when nothing has come for a time.
        case close
        /// With RST, a time after the first bytes.
        case reset
    }

    package var end: End
    /// `nil`: when the window is over.
    package var after: Duration?

    package init(end: End, after: Duration? = nil) {
        self.end = end
        self.after = after
    }
}

/// How likely a chunk of bytes is lost.
package struct ByteLoss: Hashable, Sendable {
    /// From 0 to 1.
    package var rate: Double
    /// What is added to that when the chunk before was lost.
    package var correlation: Double

    package init(rate: Double, correlation: Double = 0) {
        self.rate = rate
        self.correlation = correlation
    }

    /// Whether the next chunk is lost.
    ///
    /// - Parameter last: whether the one before it was.
    package func strikes(after last: Bool, random: inout SeededRandom) -> Bool {
        random.unit() < rate + (last ? correlation : 0)
    }
}

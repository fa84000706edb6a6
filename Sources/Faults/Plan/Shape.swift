/// In what shape the bytes of a message pass: with flipped bits, in pieces, at a rate. Each part names its window, which has
/// struck once the part has changed anything.
package struct Shape: Hashable, Sendable {
    package struct Corruption: Hashable, Sendable {
        package var window: Int
        package var share: Double
    }

    package struct Slice: Hashable, Sendable {
        package var window: Int
        package var slicing: Slicing
    }

    package struct Pace: Hashable, Sendable {
        package var window: Int
        package var bytesPerSecond: Int
    }

    package var corruptions: [Corruption] = []
    package var slices: [Slice] = []
    package var paces: [Pace] = []

    package init() {}

    package var isPlain: Bool { corruptions.isEmpty && slices.isEmpty && paces.isEmpty }
}

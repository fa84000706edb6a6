import Wire

/// The faults that do what Toxiproxy's toxics do, made of the toxics' own numbers. `nil` is no effect at all.
///
/// Source: the toxics' code (github.com/Shopify/toxiproxy, 2.12). A number that makes no sense has the effect that it has there:
/// below zero it is none.
package enum ToxicFaults {
    /// Milliseconds. The delay is evenly spread over `latency` plus and minus `jitter`.
    package static func latency(_ latency: Int, jitter: Int) -> (any Fault)? {
        let (latency, jitter) = (milliseconds(latency), milliseconds(jitter))
        return latency > .zero || jitter > .zero ? Latency(delay: latency, jitter: jitter) : nil
    }

    /// - Parameter rate: thousands of bytes a second. 0 lets nothing pass until the toxic is gone, which clients use to cut a
    ///   connection.
    package static func bandwidth(rate: Int) -> any Fault {
        rate > 0 ? Bandwidth(bytesPerSecond: min(rate, 1 << 40) * 1000) : Blackhole()
    }

    /// Milliseconds.
    package static func slowClose(delay: Int) -> (any Fault)? {
        delay > 0 ? SlowClose(delay: milliseconds(delay)) : nil
    }

    /// Milliseconds without bytes, which go nowhere, until the connection ends; 0 waits until the toxic is gone.
    package static func timeout(_ timeout: Int) -> any Fault {
        Swallow(Swallowing(end: .close, after: timeout > 0 ? milliseconds(timeout) : nil))
    }

    /// Milliseconds from the first bytes to the reset.
    package static func resetPeer(timeout: Int) -> any Fault {
        Swallow(Swallowing(end: .reset, after: milliseconds(timeout)))
    }

    /// Bytes, bytes and microseconds.
    package static func slicer(averageSize: Int, sizeVariation: Int, delay: Int) -> any Fault {
        let size = min(max(averageSize, 1), 1 << 30)
        return Slice(
            Slicing(
                size: size, variation: min(max(sizeVariation, 0), size - 1),
                gap: .microseconds(min(max(delay, 0), millisecondsMax * 1000))))
    }

    package static func limitData(bytes: Int) -> any Fault { Limit(bytes: max(bytes, 0)) }

    /// Shares from 0 to 1 of the chunks that arrive.
    package static func packetLoss(rate: Double, correlation: Double) -> (any Fault)? {
        rate > 0 ? LoseBytes(ByteLoss(rate: min(rate, 1), correlation: min(max(correlation, 0), 1))) : nil
    }

    /// A year: nobody waits for longer.
    private static let millisecondsMax = 365 * 86_400_000

    private static func milliseconds(_ number: Int) -> Duration { .milliseconds(min(max(number, 0), millisecondsMax)) }
}

import Glibc
import Wire

/// A long stream in which every byte has its place: a block of a prime length, over and over.
enum Bulk {
    static let block: [UInt8] = {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<65_521).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }()

    static func send(_ count: Int, through peer: Peer) async throws {
        try await offPool {
            var left = count
            while left > 0 {
                try peer.sendNow(left >= block.count ? block : Array(block[..<left]))
                left -= min(left, block.count)
            }
        }
    }

    /// Reads so many bytes, and says where they first differ from the stream; nil when nowhere.
    static func firstDifference(in count: Int, from peer: Peer) async throws -> Int? {
        try await offPool {
            var position = 0
            while position < count {
                let part = try peer.receiveNow(min(262_144, count - position))
                guard !part.isEmpty else { return position }
                var checked = 0
                while checked < part.count {
                    let start = (position + checked) % block.count
                    let length = min(part.count - checked, block.count - start)
                    let same = part.withUnsafeBytes { part in
                        block.withUnsafeBytes { memcmp(part.baseAddress! + checked, $0.baseAddress! + start, length) }
                    }
                    guard same == 0 else { return position + checked }
                    checked += length
                }
                position += part.count
            }
            return nil
        }
    }
}

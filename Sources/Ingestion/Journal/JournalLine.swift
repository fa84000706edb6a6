import Foundation
import Stores

/// One event as a line of a journal: a JSON object of a checksum and the event.
enum JournalLine {
    private static let head = Array("{\"sum\":\"".utf8)
    private static let middle = Array("\",\"event\":".utf8)
    private static let tail = Array("}".utf8)
    private static let sumDigits = 16

    /// With its line feed.
    static func bytes(of event: SagaEvent) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = Array(try encoder.encode(event))
        return head + sum(of: body) + middle + body + tail + [UInt8(ascii: "\n")]
    }

    /// nil for a line that was damaged or never written whole.
    static func event(_ line: ArraySlice<UInt8>) -> SagaEvent? {
        let before = head.count + sumDigits + middle.count
        guard line.count > before + tail.count, line.starts(with: head), line.last == tail[0] else { return nil }
        let sum = line.dropFirst(head.count).prefix(sumDigits)
        let body = Array(line.dropFirst(before).dropLast(tail.count))
        guard line.dropFirst(head.count + sumDigits).starts(with: middle), sum.elementsEqual(Self.sum(of: body)) else {
            return nil
        }
        return try? JSONDecoder().decode(SagaEvent.self, from: Data(body))
    }

    private static func sum(of body: [UInt8]) -> [UInt8] {
        Array(SHA256.hex(body).utf8.prefix(sumDigits))
    }
}

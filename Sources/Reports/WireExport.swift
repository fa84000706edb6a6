import Foundation
package import Proxy

/// The wire history as text: one JSON object a line.
package enum WireExport {
    private static let pieceBytes = 1 << 20

    /// - Parameter each: sees every event on the way.
    /// - Returns: how many events there were.
    @discardableResult
    package static func write(
        _ spool: String, to path: String, each: (WireEvent) -> Void = { _ in }
    ) throws -> Int {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path])
        }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var piece = Data()
        var count = 0
        try WireHistory.forEach(in: spool) { event in
            piece.append(try encoder.encode(event))
            piece.append(0x0A)
            count += 1
            each(event)
            guard piece.count >= pieceBytes else { return }
            try file.write(contentsOf: piece)
            piece.removeAll(keepingCapacity: true)
        }
        try file.write(contentsOf: piece)
        return count
    }
}

import Foundation

/// Calls `body` with the path of a file of this content, which is gone afterwards.
func withScratchFile<Result>(
    _ bytes: [UInt8], extension fileExtension: String, _ body: (String) async throws -> Result
) async throws -> Result {
    let path = "\(NSTemporaryDirectory())ingestion-test-\(UUID().uuidString).\(fileExtension)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Calls `body` with the path of a folder that does not exist yet, and is gone afterwards.
func withScratchFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = "\(NSTemporaryDirectory())ingestion-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

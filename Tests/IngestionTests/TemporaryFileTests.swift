import Foundation
import Ingestion
import Testing

struct TemporaryFileTests {
    private struct Stop: Error {}

    @Test(arguments: [false, true], [nil, "pdf"] as [String?])
    func isGoneOnEveryWayOut(_ fails: Bool, _ fileExtension: String?) async throws {
        try await withScratchFolder { folder in
            do {
                try await TemporaryFile.with(in: folder) { file in
                    try Data("x".utf8).write(to: URL(fileURLWithPath: file.path))
                    try file.setExtension(fileExtension)
                    #expect(FileManager.default.fileExists(atPath: file.path))
                    #expect(file.path.hasSuffix(".pdf") == (fileExtension == "pdf"))
                    if fails { throw Stop() }
                }
                #expect(!fails)
            } catch is Stop {}
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }
}

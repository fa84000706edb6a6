import Foundation
import Stack
import Subprocess
import SystemPackage
import Testing

/// The stack that `make test` brings up.
@Suite struct SharedStackTests {
    @Test func everyServiceAnswers() async throws {
        let reports = try await NativeStack.current().reports()
        #expect(reports.map(\.service) == ["postgres", "redis", "neo4j", "s3", "qdrant", "openai", "temporal"])
        for report in reports { #expect(report.state == .healthy, "\(report.service): \(report.note)") }
    }

    @Test func theOfficialQdrantClientDrivesTheFacade() async throws {
        let home = try NativeStack.current().home
        let result = try await run(
            .path(FilePath("\(home.python)/bin/python")),
            arguments: ["-m", "pytest", "-q", "-p", "no:cacheprovider", "\(home.native)/test_qdrant_facade.py"],
            output: .string(limit: 1 << 20), error: .combinedWithOutput)
        #expect(result.terminationStatus.isSuccess, "\(result.standardOutput)")
    }
}

import Consistency
import Experiments
import Testing

/// The file that `faultline init` writes, read back.
struct SystemTemplateTests {
    @Test func itMeansTheSameAsNoFile() throws {
        let written = try SystemFile.parse(SystemTemplate.text)
        #expect(written == (try SystemFile.parse("")))
        #expect(written == (try SystemFile.parse("pipeline: reference")))
        #expect(written.hasTemporal)
    }

    /// Every option that is commented out is one that is read.
    @Test func itReadsWellWithEveryOptionTaken() throws {
        let text = SystemTemplate.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("#") && line.firstMatch(of: /^# \S/) == nil ? line.dropFirst() : line
        }.joined(separator: "\n")
        let written = try SystemFile.parse(text)
        #expect(written.stores.postgres == "postgresql://app:secret@127.0.0.1:5432/app")
        guard case .command(let command) = written.pipeline else {
            Issue.record("no command: \(written.pipeline)")
            return
        }
        #expect(command.words.first == "./worker")
        #expect(written.bucket == "documents")
        #expect(written.kinds == [.postgres: [.document, .chunk], .redis: [.document]])
        #expect(written.cleanUp?.postgres.count == 2)
        #expect(written.identification.map(\.link) == ["s3", "redis"])
        #expect(!written.allow.isEmpty)
    }
}

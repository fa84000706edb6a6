import Testing
import Wire

/// Codecs that are given damaged traffic: they take no more than there is, hold no more than they may, and find the same in
/// it however it arrives.
struct FuzzTests {
    private static let codecs: [any FuzzedCodec] = [HTTPFuzz(), PostgresFuzz(), RedisFuzz(), BoltFuzz()]

    @Test func http() { FuzzRun(HTTPFuzz()).asToldByEnvironment() }

    @Test func postgres() { FuzzRun(PostgresFuzz()).asToldByEnvironment() }

    @Test func redis() { FuzzRun(RedisFuzz()).asToldByEnvironment() }

    @Test func bolt() { FuzzRun(BoltFuzz()).asToldByEnvironment() }

    /// What was recorded, and what was once found.
    @Test func theCorpusIsRead() {
        for codec in Self.codecs {
            let run = FuzzRun(codec)
            #expect(run.corpus.count > 10)
            for conversation in run.corpus {
                #expect(run.complaint(conversation, 1) == nil, "\(conversation.name)")
                let lines = codec.read(conversation, cutAt: .nowhere).lines
                if !conversation.name.hasPrefix("found") {
                    #expect(!lines.contains { $0.hasSuffix("lost") }, "\(conversation.name)")
                }
            }
        }
    }

    /// What is checked is there: the recorded traffic has bodies that each edit can be made to.
    @Test func theCorpusHasWhatIsEdited() {
        let lines = Conversation.corpus("http").flatMap { HTTPFuzz().read($0, cutAt: .nowhere).lines }
        for edit in ["malform", "reorderEmbeddings", "dropEmbedding", "resizeEmbeddings"] {
            #expect(lines.contains { $0.hasPrefix(edit) }, "\(edit)")
        }
    }

    /// The fuzzer can fail: whatever a decoder does wrong is found.
    @Test(arguments: Feed.Flaw.allCases) func aFlawIsFound(flaw: Feed.Flaw) {
        for codec in [HTTPFuzz(flaw: flaw), PostgresFuzz(flaw: flaw), RedisFuzz(flaw: flaw), BoltFuzz(flaw: flaw)]
            as [any FuzzedCodec]
        {
            let run = FuzzRun(codec)
            #expect((1...300).contains { run.complaint(run.conversation($0), $0) != nil }, "\(codec.name)")
        }
    }

    @Test func aFindingIsMadeSmall() {
        let long = Conversation(name: "", request: Array("GET /a".utf8) + Array(0...255), response: Array(0...99))
        let small = Shrinker { $0.request.contains(0x2F) && $0.response.count > 2 }.shrink(long)
        #expect(small.request == [0x2F])
        #expect(small.response.count == 3)
    }
}

import Faults
import Testing
import Wire

/// Faults that any protocol with messages can express.
struct CommonFaultTests {
    private static let table: [(kind: String, options: KeyValuePairs<String, String>, of: Direction, intent: Intent)] =
        [
            ("lose-request", [:], .request, .lose),
            ("lose-response", [:], .response, .lose),
            ("hang-request", [:], .request, .hang),
            ("hang-response", [:], .response, .hang),
            ("delay", ["time": "2s"], .request, .delay(.seconds(2))),
            ("duplicate-request", [:], .request, .duplicate(upTo: 1 << 20)),
            ("duplicate-request", ["up-to": "1KiB"], .request, .duplicate(upTo: 1024)),
            ("truncate", ["after": "3B"], .response, .truncate(after: 3)),
            ("error", [:], .request, .reply(.refusal(.retryable))),
            ("error-after-apply", [:], .request, .replyAfter(.refusal(.retryable))),
            ("permanent-error", [:], .request, .reply(.refusal(.permanent))),
            ("watch", [:], .request, .watch),
        ]

    @Test(arguments: ["s3", "web", "postgres"]) func whatTheyIntend(link: String) throws {
        for row in Self.table {
            let window = try Yaml.window(on: link, inject: row.kind, row.options)
            #expect(window.selector.direction == row.of, "\(row.kind)")
            let message = Message(direction: row.of, operation: "COMMIT", status: row.of == .response ? 200 : 0)
            #expect(Asking.intent(window, on: message) == row.intent, "\(row.kind)")
            var other = message
            other.direction = row.of == .request ? .response : .request
            #expect(Asking.decision(window, on: other) == Decision(), "\(row.kind)")
        }
    }

    @Test func theyKnowNoBytes() {
        for row in Self.table {
            let refusal = Yaml.refusal { () throws(SpecError) in
                try Yaml.window(on: "temporal", inject: row.kind, row.options)
            }
            #expect(refusal.contains("cannot inject '\(row.kind)': the link 'temporal' speaks tcp"))
        }
    }

    @Test func whatIsSeenCountsAsAStrikeAndBreaksNothing() throws {
        let watch = try Yaml.window(inject: "watch")
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [watch], seed: 1))
        let decision = link.decide(Message(direction: .request, operation: "GetObject"), call: 1, at: .zero)
        #expect(decision.watchedBy == [1])
        #expect(decision.struckBy == [] && decision.isUntouched)
        #expect(link.strikes(of: 1) == 1)
        let harmless = FaultCatalogue.all.filter { !$0.isDamage }.map { $0.kind }
        #expect(harmless == ["watch"])
    }
}

import Faults
import Testing
import Wire

/// Faults of messages, and several faults at once.
struct MessageFaultTests {
    private let request = Message(direction: .request, operation: "GetObject")
    private let answer = Message(direction: .response, operation: "GetObject", status: 200)

    @Test func truncate() throws {
        let window = try Yaml.window(inject: "truncate", ["after": "10B"])
        #expect(Asking.decision(window, on: answer).ending == .truncate(after: 10))
        #expect(Asking.decision(window, on: request).isUntouched)
        var known = answer
        for (length, isStruck) in [(0, false), (10, false), (11, true)] {
            known.bodyBytes = length
            #expect(Asking.decision(window, on: known).isUntouched == !isStruck)
        }
    }

    @Test func status() throws {
        let window = try Yaml.window(inject: "status", ["code": "503", "body": "no"])
        #expect(Asking.decision(window, on: request).ending == .reply(.http(status: 503, headers: [], body: "no")))
        #expect(Asking.decision(window, on: answer).isUntouched)
    }

    @Test func removeHeader() throws {
        let window = try Yaml.window(inject: "remove-header", ["name": "Content-Type"])
        #expect(Asking.decision(window, on: answer).edits == [.removeHeader("Content-Type")])
        #expect(Asking.decision(window, on: answer).ending == .forward)
        #expect(Asking.decision(window, on: request).isUntouched)
    }

    @Test func delaysAddUpAndAnEndingEndsIt() throws {
        let slow = try Yaml.window(inject: "latency", ["delay": "1s"])
        let windows = [
            Window(id: 1, link: "s3", selector: Selector(), fault: slow.fault),
            Window(id: 2, link: "s3", selector: Selector(), fault: slow.fault),
            Window(id: 3, link: "s3", selector: Selector(), fault: try Yaml.window(inject: "reset").fault),
            Window(id: 4, link: "s3", selector: Selector(), fault: slow.fault),
        ]
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: windows, seed: 1))
        let decision = link.decide(request, call: 1, at: .zero)
        #expect(decision.delay == .seconds(2))
        #expect(decision.ending == .reset(after: nil))
        #expect(decision.struckBy == [1, 2, 3])
        #expect(link.progress(at: .zero)[4]?.matched == 0)
    }

    /// The reference shows these examples; each must be one that can be written.
    @Test func everyKindIsNamedOnceAndDescribed() {
        let kinds = FaultCatalogue.all.map { $0.kind }
        #expect(Set(kinds).count == kinds.count)
        for type in FaultCatalogue.all {
            #expect(type.kind.wholeMatch(of: /[a-z]+(-[a-z]+)*/) != nil)
            #expect(!type.summary.isEmpty && !type.strike.isEmpty)
            #expect(type.protocols.isEmpty == (type.target == .processes))
        }
    }
}

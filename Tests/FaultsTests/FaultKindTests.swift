import Faults
import Testing
import Wire

/// What each kind intends, asked through a window as a link asks it.
struct FaultKindTests {
    private let request = Message(direction: .request, operation: "GetObject")
    private let answer = Message(direction: .response, operation: "GetObject", status: 200)

    private func decision(_ window: Window, on message: Message, call: UInt64 = 1) -> Decision {
        var windows = LinkWindows(link: window.link).replaced(by: Plan(windows: [window], seed: 7))
        return windows.decide(message, call: call, at: .zero)
    }

    @Test func latency() throws {
        let window = try Yaml.window(inject: "latency", ["delay": "200ms"])
        #expect(decision(window, on: request).delay == .milliseconds(200))
        #expect(decision(window, on: request).ending == .forward)
        #expect(decision(window, on: answer).isUntouched)
    }

    @Test func jitterStaysWithinItsBoundsAndUsesThem() throws {
        let window = try Yaml.window(inject: "latency", ["delay": "200ms", "jitter": "50ms"])
        let delays = (0..<500).map { decision(window, on: request, call: $0).delay }
        #expect(delays.allSatisfy { (.milliseconds(150) ... .milliseconds(250)).contains($0) })
        #expect(delays.contains { $0 < .milliseconds(160) } && delays.contains { $0 > .milliseconds(240) })
        #expect(Set(delays).count > 490)
    }

    @Test func reset() throws {
        #expect(decision(try Yaml.window(inject: "reset"), on: request).ending == .reset(after: nil))
        #expect(decision(try Yaml.window(inject: "reset"), on: answer).isUntouched)
    }

    @Test func resetAfterSoManyBytes() throws {
        #expect(
            decision(try Yaml.window(inject: "reset", ["after": "2KiB"]), on: request).ending == .reset(after: 2048))
    }

    @Test func truncate() throws {
        let window = try Yaml.window(inject: "truncate", ["after": "10B"])
        #expect(decision(window, on: answer).ending == .truncate(after: 10))
        #expect(decision(window, on: request).isUntouched)
        var known = answer
        for (length, isStruck) in [(0, false), (10, false), (11, true)] {
            known.bodyBytes = length
            #expect(decision(window, on: known).isUntouched == !isStruck)
        }
    }

    @Test func blackhole() throws {
        let window = try Yaml.window(inject: "blackhole")
        #expect(decision(window, on: request).ending == .hold)
        #expect(decision(window, on: answer).ending == .hold)
    }

    @Test func status() throws {
        let window = try Yaml.window(inject: "status", ["code": "503", "body": "no"])
        #expect(decision(window, on: request).ending == .reply(.http(status: 503, headers: [], body: "no")))
        #expect(decision(window, on: answer).isUntouched)
    }

    @Test func removeHeader() throws {
        let window = try Yaml.window(inject: "remove-header", ["name": "Content-Type"])
        #expect(decision(window, on: answer).edits == [.removeHeader("Content-Type")])
        #expect(decision(window, on: answer).ending == .forward)
        #expect(decision(window, on: request).isUntouched)
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
            #expect(!type.summary.isEmpty && !type.protocols.isEmpty)
        }
    }
}

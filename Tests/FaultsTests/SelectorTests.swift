import Faults
import Testing
import Wire

/// What a selector lets through, apart from how often.
struct SelectorTests {
    private static let get = Message(direction: .request, operation: "GetObject", key: "a.pdf")
    private static let answer = Message(direction: .response, operation: "GetObject", key: "a.pdf", status: 200)
    private static let put = Message(direction: .request, operation: "PutObject", key: "a.pdf")

    @Test func anEmptySelectorTakesAll() {
        for message in [Self.get, Self.answer, Self.put] { #expect(Selector().matches(message)) }
    }

    @Test func directions() {
        #expect(Selector(direction: .request).matches(Self.get))
        #expect(!Selector(direction: .request).matches(Self.answer))
        #expect(Selector(direction: .response).matches(Self.answer))
        #expect(!Selector(direction: .response).matches(Self.get))
    }

    @Test func operations() {
        #expect(Selector(operation: Glob("GetObject")).matches(Self.get))
        #expect(Selector(operation: Glob("GetObject")).matches(Self.answer))
        #expect(!Selector(operation: Glob("GetObject")).matches(Self.put))
        #expect(Selector(operation: Glob("*Object"), direction: .request).matches(Self.put))
        #expect(!Selector(operation: Glob("*Object"), direction: .request).matches(Self.answer))
    }

    @Test func isReadFromItsMapping() throws {
        let read = try Yaml.window(
            when: [("operation", "Get*"), ("direction", "response"), ("first", "3"), ("probability", "25%")],
            inject: "latency", ["delay": "1s"])
        #expect(
            read.selector
                == Selector(operation: Glob("Get*"), direction: .response, first: 3, probability: 0.25))
    }

    @Test func howOftenIsReadFromItsMapping() throws {
        let read = try Yaml.window(
            when: [
                ("after", "5"), ("every", "10"), ("probability", "0.5"), ("at-most", "3"), ("per", "connection"),
            ], inject: "blackhole")
        #expect(read.selector == Selector(after: 5, every: 10, probability: 0.5, atMost: 3, per: .connection))
    }

    @Test func theFaultsOwnDirectionHoldsWhereNoneIsNamed() throws {
        #expect(try Yaml.window(inject: "remove-header", ["name": "X"]).selector.direction == .response)
        #expect(try Yaml.window(inject: "latency", ["delay": "1s"]).selector.direction == .request)
        #expect(try Yaml.window(inject: "blackhole").selector.direction == nil)
        let both = try Yaml.window(when: [("direction", "both")], inject: "latency", ["delay": "1s"])
        #expect(both.selector.direction == nil)
        #expect(
            try Yaml.window(when: [("nth", "2")], inject: "remove-header", ["name": "X"]).selector.direction
                == .response)
    }
}

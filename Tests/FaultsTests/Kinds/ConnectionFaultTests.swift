import Faults
import Testing
import Wire

/// Faults of connections: those that messages are asked about, and those that connections are.
struct ConnectionFaultTests {
    private let request = Message(direction: .request, operation: "bytes")
    private let answer = Message(direction: .response, operation: "bytes")
    private let newcomer = ConnectionInSight(number: 1, open: 3, isNew: true)
    private let resident = ConnectionInSight(number: 1, open: 3, isNew: false)

    // MARK: In a message's place

    @Test(arguments: [("reset", Decision.Ending.reset(after: nil)), ("close", .close(after: nil))])
    func endings(kind: String, ending: Decision.Ending) throws {
        let window = try Yaml.window(inject: kind)
        #expect(Asking.decision(window, on: request).ending == ending)
        #expect(Asking.decision(window, on: request).struckBy == [1])
        #expect(Asking.decision(window, on: answer).isUntouched)
    }

    @Test(arguments: [("reset", Decision.Ending.reset(after: 2048)), ("close", .close(after: 2048))])
    func endingsAfterSoManyBytes(kind: String, ending: Decision.Ending) throws {
        #expect(Asking.decision(try Yaml.window(inject: kind, ["after": "2KiB"]), on: request).ending == ending)
    }

    @Test func halfClose() throws {
        let window = try Yaml.window(inject: "half-close")
        #expect(Asking.decision(window, on: request).ending == .halfClose)
        #expect(Asking.decision(window, on: answer).isUntouched)
        let other = try Yaml.window(when: [("direction", "response")], inject: "half-close")
        #expect(Asking.decision(other, on: answer).ending == .halfClose)
        #expect(Asking.decision(other, on: request).isUntouched)
    }

    @Test func blackhole() throws {
        let window = try Yaml.window(inject: "blackhole")
        #expect(Asking.decision(window, on: request).ending == .hold)
        #expect(Asking.decision(window, on: answer).ending == .hold)
    }

    // MARK: Connections

    @Test(arguments: [nil, Direction.request, .response]) func limit(direction: Direction?) throws {
        let when = direction.map { [("direction", $0.rawValue)] } ?? []
        let window = try Yaml.window(when: when, inject: "limit", ["bytes": "0B"])
        for connection in [newcomer, resident] {
            #expect(Asking.intent(window, on: connection) == .limit(bytes: 0, direction))
        }
    }

    @Test(arguments: [nil, Direction.request, .response]) func slowClose(direction: Direction?) throws {
        let when = direction.map { [("direction", $0.rawValue)] } ?? []
        let window = try Yaml.window(when: when, inject: "slow-close", ["delay": "2s"])
        for connection in [newcomer, resident] {
            #expect(Asking.intent(window, on: connection) == .endLate(.seconds(2), direction))
        }
    }

    @Test func slowConnectIsForNewConnections() throws {
        let window = try Yaml.window(inject: "slow-connect", ["delay": "3s"])
        #expect(Asking.intent(window, on: newcomer) == .dialLate(.seconds(3)))
        #expect(Asking.intent(window, on: resident) == nil)
    }

    @Test func partition() throws {
        let window = try Yaml.window(inject: "partition")
        #expect(Asking.intent(window, on: newcomer) == .isolate)
        #expect(Asking.intent(window, on: resident) == .isolate)
    }

    @Test func connectionLimit() throws {
        let (two, three) = (
            try Yaml.window(inject: "connection-limit", ["max": "2"]),
            try Yaml.window(inject: "connection-limit", ["max": "3"])
        )
        #expect(Asking.intent(two, on: newcomer) == .turnAway)
        #expect(Asking.intent(three, on: newcomer) == nil)
        #expect(Asking.intent(two, on: resident) == nil, "what is open already stays")
        let first = ConnectionInSight(number: 1, open: 1, isNew: true)
        #expect(Asking.intent(try Yaml.window(inject: "connection-limit", ["max": "0"]), on: first) == .turnAway)
    }

    // MARK: Listeners

    @Test func refuse() throws {
        let outage = try Yaml.window(inject: "refuse").fault.outage
        #expect(outage == Outage())
        #expect(outage.cycle == nil && !outage.resetsConnections)
    }

    @Test func flap() throws {
        let outage = try Yaml.window(inject: "flap", ["up": "5s", "down": "10ms"]).fault.outage
        #expect(outage.cycle == Outage.Cycle(up: .seconds(5), down: .milliseconds(10)))
        #expect(outage.resetsConnections)
    }
}

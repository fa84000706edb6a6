import Faults
import Testing

/// What a user reads who selects what the fault cannot have.
struct SelectorErrorTests {
    private func refusal(
        _ when: [(String, String)], _ kind: String = "reset", _ options: KeyValuePairs<String, String> = [:]
    ) -> String {
        Yaml.refusal { () throws(SpecError) in try Yaml.window(when: when, inject: kind, options) }
    }

    private static let ofListeners: [(String, KeyValuePairs<String, String>)] = [
        ("refuse", [:]), ("flap", ["up": "1s", "down": "1s"]),
    ]

    private static let ofConnections: [(String, KeyValuePairs<String, String>)] = [
        ("limit", ["bytes": "1B"]), ("slow-close", ["delay": "1s"]), ("slow-connect", ["delay": "1s"]),
        ("partition", [:]), ("connection-limit", ["max": "1"]),
    ]

    @Test(arguments: ["response", "both"]) func aStatusOfAnswers(direction: String) {
        #expect(
            refusal([("direction", direction)], "status", ["code": "500"])
                == """
                a.yaml:4: faults[0].when.direction is not 'request', and status strikes requests alone; \
                leave 'direction' out
                """)
    }

    @Test(arguments: ["request", "both"]) func aLostAnswerThatIsNone(direction: String) {
        #expect(
            refusal([("direction", direction)], "lose-response")
                == """
                a.yaml:4: faults[0].when.direction is not 'response', and lose-response strikes answers alone; \
                leave 'direction' out
                """)
        #expect(refusal([("direction", "response")], "lose-response") == "")
    }

    @Test func aDirectionThatOneProtocolKnowsAndAnotherDoesNot() {
        func refusal(on link: String) -> String {
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(on: link, when: [("direction", "request")], inject: "truncate", ["after": "1B"])
            }
        }
        #expect(refusal(on: "s3") == "")
        #expect(refusal(on: "postgres").contains("is not 'response', and truncate strikes answers alone"))
    }

    @Test func aDirectionThatIsNone() {
        #expect(
            refusal([("direction", "upstream")])
                == "a.yaml:4: faults[0].when.direction has no value 'upstream'; known values: request, response, both")
    }

    @Test func aMisspeltSelector() {
        #expect(
            refusal([("probabilty", "1%")])
                == """
                a.yaml:4: faults[0].when has no option 'probabilty'; known options: operation, direction, key, method, \
                path, header, status, retries, after, nth, first, first-per-call, every, probability, at-most, per \
                (did you mean 'probability'?)
                """)
        #expect(
            refusal([("evry", "2")], "partition")
                == """
                a.yaml:4: faults[0].when has no option 'evry'; known options: after, nth, first, every, probability, \
                at-most (did you mean 'every'?)
                """)
    }

    @Test(arguments: [
        ("nth", "first"), ("nth", "first-per-call"), ("nth", "every"), ("first", "first-per-call"), ("first", "every"),
        ("first-per-call", "every"),
    ]) func twoThatChoose(one: String, other: String) {
        for pair in [[(one, "1"), (other, "2")], [(other, "2"), (one, "1")]] {
            #expect(
                refusal(pair)
                    == "a.yaml:4: faults[0].when.\(other) cannot stand beside '\(one)'; keep the one that you mean")
        }
    }

    @Test func attemptsPerConnection() {
        #expect(
            refusal([("first-per-call", "1"), ("per", "connection")])
                == """
                a.yaml:4: faults[0].when.first-per-call counts attempts of calls, and 'per: connection' counts \
                connections; keep the one that you mean
                """)
    }

    @Test(arguments: ["after", "nth", "first", "first-per-call", "every", "at-most"])
    func countsOfNothing(key: String) {
        for count in ["0", "-1", "1.5", "all"] {
            #expect(
                refusal([(key, count)])
                    == "a.yaml:4: faults[0].when.\(key) must be a whole number from 1 to 1000000000, not '\(count)'")
        }
    }

    @Test func aUnitThatIsNone() {
        #expect(
            refusal([("per", "conection")])
                == """
                a.yaml:4: faults[0].when.per has no value 'conection'; known values: message, connection \
                (did you mean 'connection'?)
                """)
    }

    @Test(arguments: ofListeners) func selectorsOfListeners(kind: String, options: KeyValuePairs<String, String>) {
        #expect(
            refusal([("nth", "1")], kind, options)
                == """
                a.yaml:4: faults[0].when selects messages or connections, and \(kind) strikes neither: it strikes \
                listening sockets; leave 'when' out
                """)
    }

    @Test(arguments: ofConnections) func selectorsOfMessages(kind: String, options: KeyValuePairs<String, String>) {
        #expect(
            refusal([("operation", "bytes")], kind, options)
                == """
                a.yaml:4: faults[0].when.operation selects messages, and \(kind) strikes connections; leave it out
                """)
        #expect(
            refusal([("first-per-call", "2")], kind, options)
                == """
                a.yaml:4: faults[0].when.first-per-call counts attempts of calls, and \(kind) strikes connections; \
                write 'first', which counts connections here
                """)
        for unit in ["message", "connection"] {
            #expect(
                refusal([("per", unit)], kind, options)
                    == """
                    a.yaml:4: faults[0].when.per says what is counted, and \(kind) counts connections anyway; \
                    leave it out
                    """)
        }
    }

    @Test(arguments: ofConnections.dropFirst(2)) func directionsOfTheWhole(
        kind: String, options: KeyValuePairs<String, String>
    ) {
        #expect(
            refusal([("direction", "request")], kind, options)
                == """
                a.yaml:4: faults[0].when.direction selects one of two, and \(kind) strikes the connection as a whole; \
                leave it out
                """)
    }

    @Test(arguments: ofConnections) func howOftenIsTaken(kind: String, options: KeyValuePairs<String, String>) throws {
        let window = try Yaml.window(
            when: [("after", "1"), ("every", "2"), ("probability", "50%"), ("at-most", "3")], inject: kind, options)
        #expect(window.selector == Selector(after: 1, every: 2, probability: 0.5, atMost: 3))
    }
}

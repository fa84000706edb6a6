import Faults
import Testing

/// What a user reads after a slip in an experiment file.
struct CatalogueErrorTests {
    @Test func anUnknownFault() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "latencey", ["delay": "1s"]) }
                == """
                a.yaml:6: faults[0].inject names no fault: 'latencey'; known faults: \
                latency, reset, refuse, blackhole, status, remove-header, truncate (did you mean 'latency'?)
                """)
    }

    @Test func aMisspeltAttribute() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(inject: "latency", ["delay": "1s", "jiter": "1ms"])
            }
                == """
                a.yaml:8: faults[0].inject.latency has no option 'jiter'; known options: delay, jitter \
                (did you mean 'jitter'?)
                """)
    }

    @Test func aMissingAttributeThatIsThereMisspelt() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "latency", ["dealy": "1s"]) }
                == "a.yaml:6: faults[0].inject.latency needs the option 'delay'; is 'dealy' meant to be it?")
    }

    @Test(arguments: ["status", "remove-header"]) func aFaultThatTheLinkCannotExpress(kind: String) {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(on: "redis", inject: kind, ["name": "X"]) }
                == """
                a.yaml:6: faults[0].inject cannot inject '\(kind)': the link 'redis' speaks tcp; \
                faults that tcp can express: latency, reset, refuse, blackhole
                """)
    }

    @Test func anUnknownLink() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(on: "s4", inject: "reset") }
                == "a.yaml:2: faults[0].on names no link: 's4'; known links: redis, s3 (did you mean 's3'?)")
    }

    @Test func anAttributeThatAFaultDoesNotTake() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "blackhole", ["delay": "1s"]) }
                == "a.yaml:7: faults[0].inject.blackhole has no option 'delay'; there are no options here")
    }

    @Test func jitterBeyondTheDelay() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(inject: "latency", ["delay": "1ms", "jitter": "2ms"])
            }
                == """
                a.yaml:8: faults[0].inject.latency.jitter is larger than the delay; \
                a message cannot arrive before it was sent
                """)
    }

    @Test(arguments: ["Content-Length", "transfer-encoding"]) func aHeaderThatFramesTheMessage(name: String) {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "remove-header", ["name": name]) }
                == """
                a.yaml:7: faults[0].inject.remove-header.name is '\(name)', which frames the message; \
                a message without it has no end
                """)
    }

    @Test(arguments: ["199", "600", "-1", "abc"]) func aStatusThatIsNone(code: String) {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "status", ["code": code]) }
                == "a.yaml:7: faults[0].inject.status.code must be a whole number from 200 to 599, not '\(code)'")
    }

    @Test func aStatusOfAnswers() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(when: [("direction", "response")], inject: "status", ["code": "500"])
            }
                == """
                a.yaml:4: faults[0].when has the direction 'response'; \
                status answers requests: leave 'direction' out
                """)
    }

    @Test func nthBesideFirst() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(when: [("nth", "1"), ("first", "2")], inject: "reset")
            } == "a.yaml:4: faults[0].when.first cannot stand beside 'nth'; keep the one that you mean")
    }

    @Test func firstPerCallBesideFirst() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(when: [("first", "1"), ("first-per-call", "2")], inject: "reset")
            } == "a.yaml:4: faults[0].when.first-per-call cannot stand beside 'first'; keep the one that you mean")
    }

    @Test func aSelectorOfAFaultThatStrikesNoMessage() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(when: [("nth", "1")], inject: "refuse") }
                == """
                a.yaml:4: faults[0].when selects messages, and refuse strikes none: it strikes listening sockets; \
                leave 'when' out
                """)
    }

    @Test(arguments: ["1024", "-1B", "x"]) func aSizeThatIsNone(after: String) {
        for kind in ["truncate", "reset"] {
            #expect(
                Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: kind, ["after": after]) }
                    .hasPrefix("a.yaml:7: faults[0].inject.\(kind).after "))
        }
    }

    @Test func aTruncationThatSaysNotWhere() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "truncate") }
                == "a.yaml:6: faults[0].inject.truncate needs the option 'after'; add 'after: 64KiB'")
    }

    @Test func aTruncationOfBytes() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(on: "redis", inject: "truncate", ["after": "1KiB"])
            }.hasPrefix("a.yaml:6: faults[0].inject cannot inject 'truncate': the link 'redis' speaks tcp"))
    }

    @Test func aMisspeltSelector() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(when: [("probabilty", "1%")], inject: "reset") }
                == """
                a.yaml:4: faults[0].when has no option 'probabilty'; known options: \
                operation, direction, nth, first, first-per-call, probability (did you mean 'probability'?)
                """)
    }

    @Test func aWindowThatEndsBeforeItBegins() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(inject: "reset", more: [("from", "2s"), ("until", "2s")])
            }
                == """
                a.yaml:20: faults[0].until is not after 'from'; \
                a window lasts from 'from' until 'until'
                """)
    }

    @Test func anOptionThatNoWindowHas() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "reset", more: [("untill", "2s")]) }
                == """
                a.yaml:20: faults[0] has no option 'untill'; known options: name, on, inject, when, from, until, for \
                (did you mean 'until'?)
                """)
    }
}

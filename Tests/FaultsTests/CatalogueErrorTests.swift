import Faults
import Testing

/// What a user reads after a slip in an experiment file.
struct CatalogueErrorTests {
    @Test func anUnknownFault() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "latencey", ["delay": "1s"]) }
                == """
                a.yaml:6: faults[0].inject names no fault: 'latencey'; known faults: \
                \(FaultCatalogue.all.filter { $0.target != .processes }.map { $0.kind }.joined(separator: ", ")) \
                (did you mean 'latency'?)
                """)
    }

    @Test func whatStrikesProcessesIsNoneOfALinksFaults() {
        let refusal = Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "nonsense") }
        #expect(refusal.contains("known faults: latency"))
        for kind in ["kill", "pause", "restart"] { #expect(!refusal.contains(kind)) }
    }

    @Test func aMisspeltAttribute() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(inject: "latency", ["delay": "1s", "jiter": "1ms"])
            }
                == """
                a.yaml:8: faults[0].inject.latency has no option 'jiter'; known options: \
                delay, jitter, distribution (did you mean 'jitter'?)
                """)
    }

    @Test func aMissingAttributeThatIsThereMisspelt() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "latency", ["dealy": "1s"]) }
                == "a.yaml:6: faults[0].inject.latency needs the option 'delay'; is 'dealy' meant to be it?")
    }

    @Test(arguments: ["status", "remove-header"]) func aFaultThatTheLinkCannotExpress(kind: String) {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(on: "temporal", inject: kind, ["name": "X"]) }
                == """
                a.yaml:6: faults[0].inject cannot inject '\(kind)': the link 'temporal' speaks tcp; \
                faults that 'temporal' can express: latency, bandwidth, slice, limit, corrupt, lose-bytes, slow-close, refuse, slow-connect, reset, close, half-close, \
                blackhole, swallow, partition, connection-limit, flap
                """)
    }

    @Test func anUnknownLink() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(on: "s4", inject: "reset") }
                == """
                a.yaml:2: faults[0].on names no link: 's4'; known links: neo4j, openai, postgres, redis, s3, temporal, web \
                (did you mean 's3'?)
                """)
    }

    @Test func anAttributeThatAFaultDoesNotTake() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "blackhole", ["delay": "1s"]) }
                == "a.yaml:7: faults[0].inject.blackhole has no option 'delay'; there are no options here")
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

    @Test func aTruncationThatSaysNotWhere() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: "truncate") }
                == "a.yaml:6: faults[0].inject.truncate needs the option 'after'; add 'after: 64KiB'")
    }

    @Test(arguments: ["slow-down", "internal-error"]) func aFaultOfAnotherService(kind: String) {
        let refusal = Yaml.refusal { () throws(SpecError) in try Yaml.window(on: "openai", inject: kind) }
        #expect(
            refusal.hasPrefix(
                "a.yaml:6: faults[0].inject cannot inject '\(kind)': it is for s3, and the link 'openai' carries openai; "
            ))
        #expect(refusal.hasSuffix("insufficient-quota, reorder-embeddings, drop-embedding, wrong-dimensions"))
    }

    @Test func aFaultOfAServiceOnALinkOfNone() {
        #expect(
            Yaml.refusal { () throws(SpecError) in try Yaml.window(on: "web", inject: "slow-down") }.hasPrefix(
                """
                a.yaml:6: faults[0].inject cannot inject 'slow-down': it is for s3, and the link 'web' does not say what \
                it carries;
                """))
    }

    @Test func aTruncationOfBytes() {
        #expect(
            Yaml.refusal { () throws(SpecError) in
                try Yaml.window(on: "temporal", inject: "truncate", ["after": "1KiB"])
            }.hasPrefix("a.yaml:6: faults[0].inject cannot inject 'truncate': the link 'temporal' speaks tcp"))
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

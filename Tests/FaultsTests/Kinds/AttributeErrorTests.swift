import Faults
import Testing

/// What a user reads whose fault could not be, or would change nothing.
struct AttributeErrorTests {
    private func refusal(_ kind: String, _ options: KeyValuePairs<String, String> = [:]) -> String {
        Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: kind, options) }
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

    @Test func aDistributionOfNothing() {
        #expect(
            refusal("latency", ["delay": "1ms", "distribution": "normal"])
                == """
                a.yaml:8: faults[0].inject.latency.distribution says how jitter is spread, and there is none; \
                write 'jitter: 50ms' beside it, or leave it out
                """)
        #expect(
            refusal("latency", ["delay": "2ms", "jitter": "1ms", "distribution": "gauss"])
                == """
                a.yaml:9: faults[0].inject.latency.distribution has no value 'gauss'; known values: uniform, normal
                """)
    }

    @Test(arguments: ["latency", "slow-close", "slow-connect"]) func aDelayOfNothing(kind: String) {
        #expect(
            refusal(kind, ["delay": "0s"])
                == "a.yaml:7: faults[0].inject.\(kind).delay is no time at all; write one above zero, such as 250ms")
        #expect(refusal(kind, ["delay": "0.001ms"]) == "")
    }

    @Test(arguments: [
        ("bandwidth", "rate: 64KiB/s"), ("slice", "size: 64KiB"), ("limit", "bytes: 64KiB"), ("corrupt", "rate: 80%"),
        ("slow-close", "delay: 250ms"), ("slow-connect", "delay: 250ms"), ("connection-limit", "max: 1"),
        ("flap", "up: 5s"), ("latency", "delay: 250ms"), ("truncate", "after: 64KiB"),
    ]) func aMissingAttribute(kind: String, addition: String) {
        let key = addition.prefix { $0 != ":" }
        #expect(
            refusal(kind) == "a.yaml:6: faults[0].inject.\(kind) needs the option '\(key)'; add '\(addition)'")
    }

    @Test(arguments: ["half-close", "blackhole", "partition", "refuse"])
    func anAttributeOfAFaultThatHasNone(kind: String) {
        #expect(
            refusal(kind, ["delay": "1s"])
                == "a.yaml:7: faults[0].inject.\(kind) has no option 'delay'; there are no options here")
    }

    /// What is wrong with a rate is told in full by the tests of its type.
    @Test(arguments: [
        ("0B/s", "lets nothing pass: '0B/s'"), ("-1KiB/s", "is below 0: '-1KiB/s'"),
        ("64KiB", "is a size and no rate: '64KiB'"), ("64", "has no unit: '64'"),
    ]) func aRateThatIsNone(rate: String, what: String) {
        #expect(refusal("bandwidth", ["rate": rate]).hasPrefix("a.yaml:7: faults[0].inject.bandwidth.rate \(what); "))
    }

    @Test(arguments: ["0%", "0", "0.0"]) func aShareOfNothing(rate: String) {
        #expect(
            refusal("corrupt", ["rate": rate])
                == """
                a.yaml:7: faults[0].inject.corrupt.rate strikes no byte; write a share above 0%, such as 0.1%
                """)
    }

    @Test(arguments: ["101%", "-1%", "1.1", "much"]) func aShareThatIsNone(rate: String) {
        #expect(
            refusal("corrupt", ["rate": rate])
                == """
                a.yaml:7: faults[0].inject.corrupt.rate must be a share, not '\(rate)'; \
                write one from 0% to 100%, or from 0 to 1
                """)
    }

    @Test func piecesOfNothing() {
        #expect(
            refusal("slice", ["size": "0B"])
                == "a.yaml:7: faults[0].inject.slice.size is no byte at all; a piece has one byte or more")
        for variation in ["10B", "1KiB"] {
            #expect(
                refusal("slice", ["size": "10B", "variation": variation])
                    == """
                    a.yaml:8: faults[0].inject.slice.variation is not below the size; \
                    a piece has one byte or more: write less than the size
                    """)
        }
        #expect(refusal("slice", ["size": "10B", "variation": "9B"]) == "")
    }

    @Test func connectionsThatAreFewerThanNone() {
        #expect(
            refusal("connection-limit", ["max": "-1"])
                == """
                a.yaml:7: faults[0].inject.connection-limit.max must be a whole number from 0 to 1000000000, not '-1'
                """)
    }

    @Test(arguments: ["0s", "9.999ms"]) func aLinkThatFlapsTooFast(time: String) {
        let mend = "is shorter than 10ms; a link cannot come and go faster than that"
        #expect(refusal("flap", ["up": time, "down": "1s"]) == "a.yaml:7: faults[0].inject.flap.up \(mend)")
        #expect(refusal("flap", ["up": "1s", "down": time]) == "a.yaml:8: faults[0].inject.flap.down \(mend)")
        #expect(refusal("flap", ["up": "10ms", "down": "10ms"]) == "")
    }

    @Test(arguments: ["1024", "-1B", "x"]) func aSizeThatIsNone(after: String) {
        for kind in ["truncate", "reset", "close"] {
            #expect(
                Yaml.refusal { () throws(SpecError) in try Yaml.window(inject: kind, ["after": after]) }
                    .hasPrefix("a.yaml:7: faults[0].inject.\(kind).after "))
        }
    }
}

import Faults
import Testing

/// Each type of value: what it reads, and the exact words with which it refuses.
struct SpecTypeTests {
    private static let place = SpecPlace(file: "f", path: "x", mark: .init(line: 1, column: 1))

    private func read<Value>(_ text: String, _ type: SpecType<Value>) throws -> Value {
        try type.read(SpecNode(.scalar(text), at: Self.place.mark), Self.place)
    }

    /// What is said about the value, without the place in front.
    private func refusal<Value>(_ content: SpecNode.Content, _ type: SpecType<Value>) -> String {
        do throws(SpecError) {
            let value = try type.read(SpecNode(content, at: Self.place.mark), Self.place)
            return "read as \(value)"
        } catch {
            return [error.what, error.mend].compactMap(\.self).joined(separator: "; ")
        }
    }

    @Test(arguments: [
        ("0s", Duration.zero), ("250ms", .milliseconds(250)), ("1.5s", .milliseconds(1500)), ("2m", .seconds(120)),
        ("1h", .seconds(3600)), ("40us", .microseconds(40)), ("0.5ms", .microseconds(500)), ("1.25h", .seconds(4500)),
        ("0.0000000010s", .nanoseconds(1)), ("5 s", .seconds(5)),
    ])
    func durations(text: String, expected: Duration) throws {
        #expect(try read(text, .duration) == expected)
    }

    @Test(arguments: [
        ("250", "has no unit: '250'; write 250ms or 250s"),
        ("0", "has no unit: '0'; write 0ms or 0s"),
        ("3d", "has an unknown unit: '3d'; durations end in us, ms, s, m or h"),
        ("-1s", "must be a duration, not '-1s'; write one such as 250ms, 1.5s, 2m or 1h"),
        ("s", "must be a duration, not 's'; write one such as 250ms, 1.5s, 2m or 1h"),
        ("1.s", "must be a duration, not '1.s'; write one such as 250ms, 1.5s, 2m or 1h"),
        (".5s", "must be a duration, not '.5s'; write one such as 250ms, 1.5s, 2m or 1h"),
        ("1.2.3s", "must be a duration, not '1.2.3s'; write one such as 250ms, 1.5s, 2m or 1h"),
        ("", "must be a duration, not ''; write one such as 250ms, 1.5s, 2m or 1h"),
        ("٣s", "must be a duration, not '٣s'; write one such as 250ms, 1.5s, 2m or 1h"),
        ("0.0000000001s", "is too long or too fine a duration: '0.0000000001s'; the finest step is a nanosecond"),
        ("999999999999h", "is too long or too fine a duration: '999999999999h'; the finest step is a nanosecond"),
    ])
    func durationsRefused(text: String, expected: String) {
        #expect(refusal(.scalar(text), .duration) == expected)
    }

    @Test(arguments: [
        ("1B/s", 1), ("64KiB/s", 65536), ("1.5MB/s", 1_500_000), ("1.5KiB/s", 1536), ("1GiB/s", 1 << 30),
        ("5 MB/s", 5_000_000),
    ])
    func byteRates(text: String, expected: Int) throws {
        #expect(try read(text, .byteRate) == expected)
    }

    private static let rateUnits = "rates end in B/s, KB/s, KiB/s, MB/s, MiB/s, GB/s or GiB/s"
    private static let rateAboveZero = "a rate is above 0, such as 64KiB/s; to let nothing pass, inject 'blackhole'"

    @Test(arguments: [
        ("64", "has no unit: '64'; write 64KiB/s or 64B/s; \(rateUnits)"),
        ("0", "lets nothing pass: '0'; \(rateAboveZero)"),
        ("0KiB", "lets nothing pass: '0KiB'; \(rateAboveZero)"),
        ("64KiB", "is a size and no rate: '64KiB'; write 64KiB/s"),
        ("8Mbit/s", "has an unknown unit: '8Mbit/s'; \(rateUnits)"),
        ("8MB/m", "has an unknown unit: '8MB/m'; \(rateUnits)"),
        ("8/s", "has an unknown unit: '8/s'; \(rateUnits)"),
        ("0B/s", "lets nothing pass: '0B/s'; \(rateAboveZero)"),
        ("0.0MiB/s", "lets nothing pass: '0.0MiB/s'; \(rateAboveZero)"),
        ("-64KiB/s", "is below 0: '-64KiB/s'; \(rateAboveZero)"),
        ("-1", "is below 0: '-1'; \(rateAboveZero)"),
        ("fast", "must be a rate, not 'fast'; write one such as 64KiB/s or 1.5MB/s"),
        ("1.5B/s", "is too large, or no whole number of bytes a second: '1.5B/s'; write it in B/s"),
        (
            "99999999999999GB/s",
            "is too large, or no whole number of bytes a second: '99999999999999GB/s'; write it in B/s"
        ),
    ])
    func byteRatesRefused(text: String, expected: String) {
        #expect(refusal(.scalar(text), .byteRate) == expected)
    }

    @Test func aRateIsNoList() {
        #expect(
            refusal(.sequence([]), SpecType<Int>.byteRate)
                == "must be a rate, not a list; write one such as 64KiB/s or 1.5MB/s")
    }

    @Test(arguments: [
        ("416B", 416), ("0B", 0), ("64KiB", 65536), ("5MB", 5_000_000), ("5MiB", 5_242_880), ("1.5KiB", 1536),
        ("1.5KB", 1500), ("2GiB", 2_147_483_648), ("1 MB", 1_000_000), ("1.10KiB", -1),
    ])
    func byteSizes(text: String, expected: Int) throws {
        if expected < 0 {
            #expect(refusal(.scalar(text), .byteSize) == "is no whole number of bytes: '\(text)'; write it in B")
        } else {
            #expect(try read(text, .byteSize) == expected)
        }
    }

    @Test(arguments: [
        ("64", "has no unit: '64'; sizes end in B, KB, KiB, MB, MiB, GB or GiB"),
        ("64kib", "has an unknown unit: '64kib'; sizes end in B, KB, KiB, MB, MiB, GB or GiB"),
        ("0.5B", "is no whole number of bytes: '0.5B'; write it in B"),
        ("99999999999999GiB", "is no whole number of bytes: '99999999999999GiB'; write it in B"),
        ("big", "must be a size, not 'big'; write one such as 416B, 64KiB or 5MB"),
    ])
    func byteSizesRefused(text: String, expected: String) {
        #expect(refusal(.scalar(text), .byteSize) == expected)
    }

    @Test(arguments: [
        ("416B..64KiB", 416...65536), ("1.5KiB .. 2KiB", 1536...2048), ("5MB", 5_000_000...5_000_000),
        ("0B..0B", 0...0),
    ])
    func byteRanges(text: String, expected: ClosedRange<Int>) throws {
        #expect(try read(text, .byteRange) == expected)
    }

    @Test(arguments: [
        ("64KiB..416B", "begins above its end: '64KiB..416B'; write the smaller size first"),
        ("416..64KiB", "has no unit: '416..64KiB'; sizes end in B, KB, KiB, MB, MiB, GB or GiB"),
        ("..64KiB", "must be a size or a range of sizes, not '..64KiB'; write one such as 64KiB or 416B..64KiB"),
        ("1B...2B", "must be a size or a range of sizes, not '1B...2B'; write one such as 64KiB or 416B..64KiB"),
    ])
    func byteRangesRefused(text: String, expected: String) {
        #expect(refusal(.scalar(text), .byteRange) == expected)
    }

    @Test(arguments: [("80%", 0.8), ("0.8", 0.8), ("0", 0), ("1", 1), ("100%", 1), ("0.5%", 0.005)])
    func percents(text: String, expected: Double) throws {
        #expect(try read(text, .percent) == expected)
    }

    @Test(arguments: ["80", "101%", "-1%", "nan", "inf", "%", "0x1p-1", "half"])
    func percentsRefused(text: String) {
        #expect(
            refusal(.scalar(text), .percent)
                == "must be a share, not '\(text)'; write one from 0% to 100%, or from 0 to 1")
    }

    @Test func numbers() throws {
        #expect(try read("7", .int(in: 1...9)) == 7)
        #expect(try read("-3", .int()) == -3)
        #expect(try read("2.5", .double(in: 0...10)) == 2.5)
        #expect(try read("1e3", .double()) == 1000)
        #expect(refusal(.scalar("10"), .int(in: 1...9)) == "must be a whole number from 1 to 9, not '10'")
        #expect(refusal(.scalar("0"), .int(in: 1 ... .max)) == "must be a whole number of at least 1, not '0'")
        #expect(refusal(.scalar("1.5"), .int()) == "must be a whole number, not '1.5'")
        #expect(refusal(.scalar("nan"), .double()) == "must be a number, not 'nan'")
        #expect(refusal(.scalar("11"), .double(in: 0...10)) == "must be a number from 0.0 to 10.0, not '11'")
        #expect(refusal(.empty, .int()) == "must be a whole number, not nothing")
    }

    @Test func textsAndFlags() throws {
        #expect(try read("true", .bool))
        #expect(try !read("false", .bool))
        #expect(refusal(.scalar("yes"), .bool) == "must be true or false, not 'yes'")
        #expect(try read("", .string) == "")
        #expect(refusal(.scalar(""), .name) == "must be a name, not ''")
        #expect(refusal(.sequence([]), .string) == "must be a text, not a list")
        #expect(refusal(.mapping([]), .string) == "must be a text, not a mapping")
        #expect(refusal(.scalar("a"), .list(of: .string)) == "must be a list, not 'a'; write [text]")
    }

    private enum Direction: String, CaseIterable { case request, response }

    @Test func choices() throws {
        #expect(try read("response", SpecType<Direction>.choice) == .response)
        #expect(
            refusal(.scalar("respons"), SpecType<Direction>.choice)
                == "has no value 'respons'; known values: request, response (did you mean 'response'?)")
        #expect(refusal(.empty, SpecType<Direction>.choice) == "must be one of request, response, not nothing")
    }

    @Test func aBareNameIsATag() throws {
        let tag = try read("refuse", .tag)
        #expect(tag.name == "refuse")
        #expect(try tag.read { spec throws(SpecError) in spec.keys } == [])
    }

    @Test func aTagWithOptionsReadsThemUnderItsName() throws {
        let options = SpecNode(.mapping([.line(2, "delya", "1s")]), at: .line(2))
        let node = SpecNode(.mapping([.init(key: "latency", mark: .line(1), node: options)]), at: .line(1))
        let tag = try SpecType.tag.read(node, Self.place)
        #expect(tag.name == "latency")
        let error = #expect(throws: SpecError.self) {
            try tag.read { spec throws(SpecError) in _ = try spec.optional("delay", .duration) }
        }
        #expect(
            error?.description == "f:2: x.latency has no option 'delya'; known options: delay (did you mean 'delay'?)")
        #expect(
            tag.unknown("fault", known: ["refuse", "latencys"]).description
                == "f:1: x names no fault: 'latency'; known faults: refuse, latencys (did you mean 'latencys'?)")
    }

    @Test func aTagHasOneName() {
        let two = SpecNode.Content.mapping([.line(1, "a", "1"), .line(2, "b", "2")])
        #expect(refusal(two, .tag) == "must have one name, not 'a', 'b'; give each an entry of its own")
        #expect(refusal(.sequence([]), .tag) == "must be a name, or 'name: { options }', not a list")
    }
}

import Faults
import Testing

/// The walk over one mapping: what is asked for, what is left, where messages point.
struct SpecTests {
    private enum Distribution: String, CaseIterable { case uniform, normal }

    private func spec(_ entries: [SpecNode.Entry]) throws -> Spec {
        let place = SpecPlace(file: "a.yaml", path: "faults[0].inject.latency", mark: .init(line: 4, column: 3))
        return try Spec(SpecNode(.mapping(entries), at: place.mark), at: place)
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing was refused"
        } catch {
            return "\(error)"
        }
    }

    @Test func readsWhatIsThereAndLeavesTheRestNil() throws {
        var spec = try spec([.line(5, "delay", "250ms"), .line(6, "distribution", "normal")])
        #expect(try spec.required("delay", .duration) == .milliseconds(250))
        #expect(try spec.optional("jitter", .duration) == nil)
        let distribution: Distribution? = try spec.optional("distribution", .choice)
        #expect(distribution == .normal)
        try spec.finish()
    }

    @Test func anUnknownOptionIsRefusedWithTheKnownOnes() throws {
        var spec = try spec([.line(5, "delay", "1s"), .line(6, "jiter", "1s")])
        _ = try spec.required("delay", .duration)
        _ = try spec.optional("jitter", .duration)
        #expect(
            message(spec.finish)
                == """
                a.yaml:6: faults[0].inject.latency has no option 'jiter'; known options: delay, jitter \
                (did you mean 'jitter'?)
                """)
    }

    @Test func aWordLikeNoOtherGetsNoSuggestion() throws {
        var spec = try spec([.line(5, "colour", "red")])
        _ = try spec.optional("delay", .duration)
        #expect(
            message(spec.finish) == "a.yaml:5: faults[0].inject.latency has no option 'colour'; known options: delay")
    }

    @Test func whereNothingIsKnownNothingIsListed() throws {
        let spec = try spec([.line(5, "delay", "1s")])
        #expect(
            message(spec.finish)
                == "a.yaml:5: faults[0].inject.latency has no option 'delay'; there are no options here")
    }

    @Test func aMissingOptionSaysHowToWriteIt() throws {
        var spec = try spec([])
        #expect(
            message { _ = try spec.required("delay", .duration) }
                == "a.yaml:4: faults[0].inject.latency needs the option 'delay'; add 'delay: 250ms'")
    }

    @Test func aMissingOptionPointsAtTheMisspeltOne() throws {
        var spec = try spec([.line(5, "dealy", "1s")])
        #expect(
            message { _ = try spec.required("delay", .duration) }
                == "a.yaml:4: faults[0].inject.latency needs the option 'delay'; is 'dealy' meant to be it?")
    }

    @Test func aKeyGivenTwiceIsRefused() {
        #expect(
            message { _ = try spec([.line(5, "delay", "1s"), .line(7, "delay", "2s")]) }
                == "a.yaml:7: faults[0].inject.latency has 'delay' twice; it was given in line 5 before; keep one")
    }

    @Test func onlyAMappingHasOptions() {
        let place = SpecPlace(file: "a.yaml", path: "faults", mark: .init(line: 2, column: 1))
        let expected = "a.yaml:2: faults must be a mapping of options, not 'x'; write 'option: value' lines in it"
        #expect(message { _ = try Spec(SpecNode(.scalar("x"), at: place.mark), at: place) } == expected)
    }

    @Test func nothingAtAllIsAnEmptyMapping() throws {
        let spec = try Spec(file: "a.yaml", root: SpecNode(.empty, at: .init(line: 1, column: 1)))
        #expect(spec.keys.isEmpty)
        try spec.finish()
    }

    @Test func theFileItselfIsNamedWhenThereIsNoPath() throws {
        let root = SpecNode(.mapping([.line(3, "nmae", "x")]), at: .init(line: 1, column: 1))
        var spec = try Spec(file: "a.yaml", root: root)
        _ = try spec.optional("name", .string)
        #expect(
            message(spec.finish)
                == "a.yaml:3: the file has no option 'nmae'; known options: name (did you mean 'name'?)")
    }

    @Test func aMappingInsideFinishesByItself() throws {
        let inner = SpecNode(.mapping([.line(6, "operation", "GetObject"), .line(7, "nht", "1")]), at: .line(6))
        var spec = try spec([.init(key: "when", mark: .line(5), node: inner)])
        let type = SpecType<String>.mapping { inner throws(SpecError) in
            _ = try inner.optional("nth", .int(in: 1...9))
            return try inner.required("operation", .string)
        }
        #expect(
            message { _ = try spec.required("when", type) }
                == """
                a.yaml:7: faults[0].inject.latency.when has no option 'nht'; known options: nth, operation \
                (did you mean 'nth'?)
                """)
    }

    @Test func aListNamesTheElementThatIsWrong() throws {
        let list = SpecNode(
            .sequence([SpecNode(.scalar("1"), at: .line(6)), SpecNode(.scalar("x"), at: .line(7))]), at: .line(6))
        var spec = try spec([.init(key: "codes", mark: .line(5), node: list)])
        #expect(
            message { _ = try spec.required("codes", .list(of: .int())) }
                == "a.yaml:7: faults[0].inject.latency.codes[1] must be a whole number, not 'x'")
    }

    @Test func namesChosenByTheUserAreAllRead() throws {
        var spec = try spec([.line(5, "b", "1"), .line(6, "a", "2")])
        let values = try spec.all(.int())
        #expect(values.map(\.key) == ["b", "a"])
        #expect(values.map(\.value) == [1, 2])
        try spec.finish()
    }

    @Test func anErrorOfTheReaderPointsAtTheOption() throws {
        let spec = try spec([.line(5, "delay", "1s")])
        #expect(
            spec.error("delay", "is longer than the window").description
                == "a.yaml:5: faults[0].inject.latency.delay is longer than the window")
    }
}

extension SpecNode.Mark {
    static func line(_ line: Int) -> Self { Self(line: line, column: 1) }
}

extension SpecNode.Entry {
    static func line(_ line: Int, _ key: String, _ text: String) -> Self {
        Self(key: key, mark: .line(line), node: SpecNode(.scalar(text), at: .line(line)))
    }
}

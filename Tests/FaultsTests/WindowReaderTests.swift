import Faults
import Testing
import Wire

/// `name`, `from`, `until` and `for`, and windows that name one another.
struct WindowReaderTests {
    /// Each window's entries; the nth window is on line n.
    private func read(_ windows: [(String, SpecNode.Content)]...) throws(SpecError) -> [Window] {
        try read(all: windows)
    }

    private func read(all windows: [[(String, SpecNode.Content)]]) throws(SpecError) -> [Window] {
        let specs = try windows.enumerated().map { index, entries throws(SpecError) in
            let line = index + 1
            let fixed = [
                Yaml.entry(line, "on", .scalar("s3")), Yaml.entry(line, "inject", .scalar("reset")),
            ]
            let node = SpecNode(
                .mapping(fixed + entries.map { Yaml.entry(line, $0.0, $0.1) }), at: .line(line))
            return try Spec(node, at: SpecPlace(file: "a.yaml", path: "faults[\(index)]", mark: node.mark))
        }
        return try WindowReader.read(specs, links: Yaml.links)
    }

    private func refusal(_ windows: [(String, SpecNode.Content)]...) -> String {
        do {
            _ = try read(all: windows)
            return ""
        } catch {
            return error.description
        }
    }

    private func after(_ name: String, _ more: (String, String)...) -> (String, SpecNode.Content) {
        let entries = [("after", name)] + more
        return ("from", .mapping(entries.map { Yaml.entry(9, $0.0, .scalar($0.1)) }))
    }

    private func named(_ name: String) -> (String, SpecNode.Content) { ("name", .scalar(name)) }

    @Test func names() throws {
        let windows = try read([named("down")], [])
        #expect(windows.map(\.name) == ["down", "reset on s3"])
        #expect(windows.map(\.id) == [1, 2])
        #expect(windows.map(\.opening) == [.at(.zero), .at(.zero)])
        #expect(windows.map(\.closing) == [.withPlan, .withPlan])
    }

    /// A window may wait for one that stands behind it.
    @Test func waitingForAnother() throws {
        let windows = try read([named("first"), after("late")], [after("first", ("strikes", "3"))], [named("late")])
        #expect(
            windows.map(\.opening)
                == [.after(window: 3, strikes: 1), .after(window: 1, strikes: 3), .at(.zero)])
    }

    @Test func times() throws {
        let windows = try read(
            [("from", .scalar("2s")), ("until", .scalar("5s"))], [("for", .scalar("7s"))],
            [("from", .scalar("1s")), ("until", .scalar("end"))])
        #expect(windows.map(\.opening) == [.at(.seconds(2)), .at(.zero), .at(.seconds(1))])
        #expect(windows.map(\.closing) == [.at(.seconds(5)), .lasting(.seconds(7)), .withPlan])
    }

    // MARK: Errors

    @Test func anUnknownName() {
        #expect(
            refusal([named("redis-down")], [after("redis-dwon")])
                == """
                a.yaml:9: faults[1].from.after names no window: 'redis-dwon'; known windows: redis-down \
                (did you mean 'redis-down'?)
                """)
        #expect(
            refusal([], [after("reset on s3")])
                == """
                a.yaml:9: faults[1].from.after names no window: 'reset on s3'; \
                give the window that is meant a name: 'name: reset on s3'
                """)
    }

    @Test func aNameTwice() {
        #expect(
            refusal([named("a")], [], [named("a")])
                == """
                a.yaml:3: faults[2].name is the name of faults[0] too: 'a'; \
                give each window a name of its own, or none
                """)
    }

    @Test func itself() {
        #expect(
            refusal([named("a"), after("a")])
                == "a.yaml:9: faults[0].from.after is the window itself: 'a'; name another window")
    }

    @Test func aCircle() {
        #expect(
            refusal([named("a"), after("b")], [named("b"), after("c")], [named("c"), after("a")])
                == """
                a.yaml:1: faults[0].from never comes: 'a' waits for 'b', which waits for 'c', which waits for 'a'; \
                let one of them open at a time, such as 'from: 0s'
                """)
    }

    @Test func aCircleThatAnotherWindowWaitsFor() {
        #expect(
            refusal([after("b")], [named("b"), after("c")], [named("c"), after("b")])
                == """
                a.yaml:2: faults[1].from never comes: 'b' waits for 'c', which waits for 'b'; \
                let one of them open at a time, such as 'from: 0s'
                """)
    }

    @Test func untilBesideAfter() {
        #expect(
            refusal([named("a")], [after("a"), ("until", .scalar("5s"))])
                == """
                a.yaml:2: faults[1].until is a time, and nobody knows when the window will open; \
                write 'for: 5s', which counts from its opening
                """)
        #expect(refusal([named("a")], [after("a"), ("until", .scalar("end"))]) == "")
    }

    @Test func forBesideUntil() {
        #expect(
            refusal([("until", .scalar("5s")), ("for", .scalar("5s"))])
                == "a.yaml:1: faults[0].for cannot stand beside 'until'; keep the one that you mean")
    }

    @Test func forNoTime() {
        #expect(
            refusal([("for", .scalar("0s"))]) == "a.yaml:1: faults[0].for is no time at all; write 'for: 5s'")
    }

    @Test func strikesThatAreNone() {
        #expect(
            refusal([named("a")], [after("a", ("strikes", "0"))]).hasPrefix(
                "a.yaml:9: faults[1].from.strikes must be a whole number from 1 to"))
    }

    @Test func aMisspeltStrikes() {
        #expect(
            refusal([named("a")], [after("a", ("strike", "1"))])
                == """
                a.yaml:9: faults[1].from has no option 'strike'; known options: after, strikes \
                (did you mean 'strikes'?)
                """)
    }

    @Test func fromThatIsNothingOfTheKind() {
        #expect(
            refusal([("from", .sequence([]))])
                == "a.yaml:1: faults[0].from must be a duration, not a list; write one such as 250ms, 1.5s, 2m or 1h")
    }
}

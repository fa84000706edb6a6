import Faults
import Testing
import Wire

/// Whose messages and connections a scope holds.
@Suite struct ScopeTests {
    private static func list(_ texts: String...) -> SpecNode.Content {
        .sequence(texts.map { SpecNode(.scalar($0), at: .line(1)) })
    }

    private static func read(_ marks: (String, SpecNode.Content)...) throws -> Scope { try read(marks) }

    private static func read(_ marks: [(String, SpecNode.Content)]) throws -> Scope {
        let entries = marks.map { Yaml.entry(1, $0.0, $0.1) }
        return try ScopeReader.read(
            SpecNode(.mapping(entries), at: .line(1)), at: SpecPlace(file: "a", path: "scope", mark: .line(1)))
    }

    /// Which of the messages a fault with this scope strikes.
    private func struck(_ scope: Scope, _ messages: Message...) throws -> [Bool] {
        let window = try Yaml.window(inject: "reset").scoped(to: scope)
        return messages.map { !Asking.decision(window, on: $0).isUntouched }
    }

    private static func kind(_ name: String) throws -> any Fault.Type {
        try #require(FaultCatalogue.all.first { $0.kind == name })
    }

    private func message(_ key: String = "", _ content: MessageContent = MessageContent(), port: Int = 0) -> Message {
        Message(direction: .request, operation: "GET", key: key, content: content, clientPort: port)
    }

    @Test(arguments: [
        (["a"], [true, false, false, false]), (["a*"], [true, true, true, false]),
        (["x", "a"], [true, false, false, false]),
    ])
    func keys(patterns: [String], expected: [Bool]) throws {
        let scope = try Self.read(("key", .sequence(patterns.map { SpecNode(.scalar($0), at: .line(1)) })))
        let found = try struck(scope, message("a"), message("ab"), message("b", .init(moreKeys: ["a2"])), message())
        #expect(found == expected)
    }

    @Test func headersOfTheRequest() throws {
        let mine = [Reply.Header("X-Test", "one")]
        let messages = [
            MessageContent(headers: mine, requestHeaders: mine), MessageContent(requestHeaders: mine),
            MessageContent(headers: mine), MessageContent(requestHeaders: [Reply.Header("X-Test", "two")]),
        ].map { message("", $0) }
        for (scope, expected) in [
            (SpecNode.Content.scalar("x-test"), [true, true, false, true]),
            (
                .mapping([Yaml.entry(1, "name", .scalar("X-Test")), Yaml.entry(1, "value", .scalar("o*"))]),
                [true, true, false, false]
            ),
        ] {
            let read = try Self.read(("header", scope))
            #expect(try messages.flatMap { try struck(read, $0) } == expected)
        }
    }

    @Test(arguments: [
        ("doc-1", true), ("reports/doc-1.pdf", true), ("doc-10", false), ("my-doc-1", false), ("doc-1_a", false),
        ("doc-10/doc-1", true), ("DOC-1", false), ("", false),
    ])
    func documentsAreWholeWords(text: String, isIn: Bool) throws {
        for message in [
            message(text), message("", .init(path: text)), message("", .init(statement: text)),
            message("", .init(moreKeys: [text])),
        ] {
            #expect(try struck(Self.read(("document", Self.list("doc-1"))), message) == [isIn])
        }
    }

    @Test func parametersHaveTheirLengthBeforeThem() throws {
        let found = try struck(
            Scope(documents: ["doc-1"]), message("", .init(parameters: "\u{0}\u{0}\u{0}5doc-1\u{0}")),
            message("", .init(parameters: "\u{0}\u{0}\u{0}6doc-10")))
        #expect(found == [true, false])
    }

    @Test func oneMarkIsEnough() throws {
        let scope = try Self.read(("key", .scalar("a")), ("source-port", Self.list("40000-40001", "50000")))
        #expect(
            try struck(
                scope, message("a"), message(port: 40000), message(port: 40001), message(port: 40002),
                message(port: 50000), message("b", port: 1)) == [true, true, true, false, true, false])
    }

    @Test func othersAreNotCounted() throws {
        var selector = Selector(nth: 2)
        selector.scope = Scope(keys: [Glob("mine")])
        let window = Window(id: 1, link: "s3", selector: selector, fault: try Yaml.window(inject: "reset").fault)
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        let struck = ["mine", "other", "other", "mine", "mine"].map {
            !link.decide(message($0), call: 1, at: .zero).isUntouched
        }
        #expect(struck == [false, false, false, true, false])
        #expect(link.progress(at: .zero)[1]?.matched == 3)
    }

    @Test func connectionsOfOthersAreNotAsked() throws {
        let window = try Yaml.window(inject: "connection-limit", ["max": "1"])
            .scoped(to: Scope(ports: [7...7]))
        var link = LinkWindows(link: window.link).replaced(by: Plan(windows: [window], seed: 1))
        let turnedAway = [5, 7, 6].map { port in
            !link.admit(ConnectionInSight(number: port, open: 9, isNew: true, port: port), at: .zero).isEmpty
        }
        #expect(turnedAway == [false, true, false])
        #expect(link.progress(at: .zero).values.map(\.matched) == [1])
    }

    /// Whose a connection is may show only by what passes on it.
    @Test func aConnectionIsCountedWithItsFirstMessageInScope() throws {
        var selector = Selector(nth: 1, per: .connection)
        selector.scope = Scope(keys: [Glob("mine")])
        let window = Window(id: 1, link: "s3", selector: selector, fault: try Yaml.window(inject: "reset").fault)
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        for number in 1...2 { _ = link.admit(ConnectionInSight(number: number, open: 2, isNew: true), at: .zero) }
        let struck = [(1, "other"), (2, "mine"), (1, "mine"), (2, "mine")].map { number, key in
            !link.decide(message(key), call: 1, connection: number, at: .zero).isUntouched
        }
        #expect(struck == [false, true, false, true])
    }

    @Test func aWindowIsTheSameButForItsScope() throws {
        var window = try Yaml.window(inject: "reset", more: [("name", "cut")])
        window.draws = Window.Draws(seed: 7, id: 3)
        let scoped = window.scoped(to: Scope(keys: [Glob("a")]))
        #expect(scoped.draws == window.draws && window.written != nil && scoped.written == window.written)
        #expect(scoped.name == "cut" && scoped.selector.scope == Scope(keys: [Glob("a")]))
        #expect(scoped.strikesAlike(window))
    }

    /// A test that opens a connection more goes on counting.
    @Test func countsGoOnWithAnotherScope() throws {
        let window = try Yaml.window(inject: "reset")
        var link = LinkWindows(link: window.link)
        for keys in [["a"], ["a", "b"], ["b"]] {
            let scope = Scope(keys: keys.map { Glob($0) })
            link = link.replaced(by: Plan(windows: [window.scoped(to: scope)], seed: 1))
            _ = link.decide(message("b"), call: 1, at: .zero)
        }
        #expect(link.progress(at: .zero).values.map(\.struck) == [2])
    }

    @Test(arguments: [
        ("header", "http", nil), ("header", "redis", "'key', 'document', 'source-port'"),
        ("key", "postgres", "'document', 'source-port'"), ("document", "postgres", nil),
        ("document", "tcp", "'source-port'"), ("source-port", "tcp", nil),
    ])
    func marksThatALinkDoesNotKnow(mark: String, protocol name: String, why: String?) throws {
        let link = LinkTraits(try #require(LinkProtocol(rawValue: name)))
        let found = try Self.read((mark, .scalar("7"))).uselessness(of: try Self.kind("delay"), on: link)
        #expect((found == nil) == (why == nil))
        if let why { #expect(found?.hasSuffix(why) == true, "\(found ?? "")") }
    }

    @Test func whatIsEverybodys() throws {
        let scope = Scope(keys: [Glob("a")], ports: [1...1])
        let link = LinkTraits(.redis)
        #expect(scope.uselessness(of: try Self.kind("refuse"), on: link) == "strikes the listening sockets of all")
        #expect(scope.uselessness(of: try Self.kind("kill"), on: link) == "strikes the process of all")
        #expect(scope.uselessness(of: try Self.kind("slow-connect"), on: link) == nil)
        #expect(
            Scope(keys: [Glob("a")]).uselessness(of: try Self.kind("slow-connect"), on: link)?.contains("source-port")
                == true)
    }

    @Test(
        arguments: [
            ([], "has no mark"), ([("port", .scalar("1"))], "no option 'port'"), ([("key", list())], "is empty"),
            ([("source-port", .scalar("0"))], "a port"), ([("source-port", .scalar("5-4"))], "a port"),
            ([("source-port", .scalar("1-2-3"))], "a port"), ([("source-port", .scalar("65536"))], "a port"),
            ([("source-port", .scalar("-5"))], "a port"), ([("source-port", .scalar(""))], "a port"),
            ([("header", .scalar("a b"))], "header's name"), ([("document", .scalar(""))], "a name"),
        ] as [([(String, SpecNode.Content)], String)])
    func refused(marks: [(String, SpecNode.Content)], why: String) {
        let error = #expect(throws: SpecError.self) { try Self.read(marks) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(why), "\(String(describing: error))")
    }
}

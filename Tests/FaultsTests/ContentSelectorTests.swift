import Faults
import Testing
import Wire

/// Which messages a selector finds by what they hold.
struct ContentSelectorTests {
    private func selector(_ when: [(String, String)], on link: String = "s3") throws -> Selector {
        try Yaml.window(on: link, when: when + [("direction", "both")], inject: "reset").selector
    }

    private func finds(_ when: [(String, String)], _ content: MessageContent, status: Int = 0) throws -> Bool {
        let link = content.statement.isEmpty ? "s3" : "postgres"
        return try selector(when, on: link).matches(
            Message(
                direction: status == 0 ? .request : .response, operation: "PutObject", key: "in/a.txt", status: status,
                content: content))
    }

    @Test(arguments: [
        ("path", "/bucket/*", true), ("path", "/bucket", false), ("path", "*.txt", true), ("path", "/Bucket/*", false),
        ("method", "PUT", true), ("method", "GET", false), ("key", "in/*", true), ("key", "out/*", false),
        ("operation", "Put*", true),
    ]) func whereItGoes(selector: String, pattern: String, isFound: Bool) throws {
        let content = MessageContent(method: "PUT", path: "/bucket/in/a.txt")
        #expect(try finds([(selector, pattern)], content) == isFound)
    }

    @Test func allMustMatch() throws {
        let content = MessageContent(method: "PUT", path: "/bucket/in/a.txt")
        #expect(try finds([("method", "PUT"), ("path", "/bucket/*"), ("key", "in/*")], content))
        #expect(try !finds([("method", "PUT"), ("path", "/other/*"), ("key", "in/*")], content))
    }

    @Test(arguments: [
        (503, "503", true), (503, "5xx", true), (500, "5xx", true), (599, "5xx", true), (499, "5xx", false),
        (200, "503", false), (0, "2xx", false), (204, "2xx", true),
    ]) func statuses(status: Int, pattern: String, isFound: Bool) throws {
        #expect(try finds([("status", pattern)], MessageContent(), status: status) == isFound)
    }

    @Test(arguments: [
        ("INSERT INTO chunks%", false), ("insert into chunks *", true), ("INSERT\n  INTO   chunks *", true),
        ("*into CHUNKS*", true), ("*documents*", false), ("insert*$1)", true),
    ]) func statements(pattern: String, isFound: Bool) throws {
        let content = MessageContent(statement: "  Insert into\n\tchunks (id)\n VALUES ($1)  ")
        #expect(try finds([("statement", pattern)], content) == isFound)
    }

    // MARK: Lists and headers

    private func selector(_ key: String, _ value: SpecNode.Content) throws -> Selector {
        let entries = [
            Yaml.entry(2, "on", .scalar("s3")),
            Yaml.entry(
                3, "inject", .mapping([Yaml.entry(3, "latency", .mapping([Yaml.entry(3, "delay", .scalar("1s"))]))])),
            Yaml.entry(
                4, "when",
                .mapping([Yaml.entry(4, key, value), Yaml.entry(4, "direction", .scalar("both"))])),
        ]
        let root = SpecNode(.mapping(entries), at: .line(2))
        let spec = try Spec(root, at: SpecPlace(file: "a.yaml", path: "faults[0]", mark: root.mark))
        return try WindowReader.read([spec], links: Yaml.links)[0].selector
    }

    private func list(_ values: String...) -> SpecNode.Content {
        .sequence(values.map { SpecNode(.scalar($0), at: .line(4)) })
    }

    @Test func lists() throws {
        let statuses = try selector("status", list("429", "5xx"))
        let answers = [429, 500, 404].map { Message(direction: .response, operation: "GetObject", status: $0) }
        #expect(answers.map { statuses.matches($0) } == [true, true, false])
        let methods = try selector("method", list("PUT", "POST"))
        let requests = ["PUT", "POST", "GET"].map {
            Message(direction: .request, operation: "x", content: MessageContent(method: $0))
        }
        #expect(requests.map { methods.matches($0) } == [true, true, false])
        #expect(throws: SpecError.self) { try selector("status", list()) }
    }

    @Test func headers() throws {
        func message(_ headers: Reply.Header...) -> Message {
            Message(direction: .response, operation: "x", content: MessageContent(headers: headers))
        }
        let there = try selector("header", .scalar("content-type"))
        #expect(there.matches(message(.init("Content-Type", "text/plain"))))
        #expect(!there.matches(message(.init("Content-Length", "1"))))
        let options = [
            Yaml.entry(4, "name", .scalar("Content-Type")), Yaml.entry(4, "value", .scalar("application/*")),
        ]
        let binary = try selector("header", .mapping(options))
        #expect(!binary.matches(message(.init("Content-Type", "text/plain"))))
        #expect(binary.matches(message(.init("content-type", "application/json"))))
        #expect(binary.matches(message(.init("Content-Type", "text/plain"), .init("Content-Type", "application/json"))))
    }

    @Test func headersAreAskedForWhileAWindowLooksAtThem() throws {
        let window = Window(
            id: 1, link: "s3", selector: try selector("header", .scalar("ETag")),
            fault: try Yaml.window(inject: "reset").fault, opening: .at(.seconds(1)), closing: .at(.seconds(2)))
        let link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        #expect([0, 1, 2].map { link.interest(at: .seconds($0)) } == [[], .headers, []])
        let other = LinkWindows(link: "s3").replaced(by: Plan(windows: [try Yaml.window(inject: "reset")], seed: 1))
        #expect(other.interest(at: .zero).isEmpty)
    }

    // MARK: Retries

    private func struck(_ when: [(String, String)], _ calls: [UInt64], kind: String = "reset") throws -> [Bool] {
        let window = try Yaml.window(when: when, inject: kind)
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        return calls.map { call in
            link.decide(Message(direction: .request, operation: "GetObject"), call: call, at: .zero).isFinal
        }
    }

    @Test func retriesAlone() throws {
        #expect(
            try struck([("retries", "only")], [1, 2, 1, 1, 3, 2]) == [false, false, true, true, false, true])
        // They are what is counted.
        #expect(
            try struck([("retries", "only"), ("nth", "2")], [1, 2, 1, 1, 2]) == [false, false, false, true, false])
        #expect(
            try struck([("retries", "only"), ("first-per-call", "2")], [1, 1, 1, 2, 2])
                == [false, true, false, false, true])
    }

    @Test func anAnswerIsOfItsRequestsAttempt() throws {
        let window = try Yaml.window(when: [("retries", "only"), ("direction", "both")], inject: "blackhole")
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        let struck = [Direction.request, .response, .request, .response].map {
            link.decide(Message(direction: $0, operation: "GetObject"), call: 1, at: .zero).isFinal
        }
        #expect(struck == [false, false, true, true])
    }

    // MARK: What cannot be known

    private func refusal(_ key: String, _ value: String, on link: String, _ kind: String = "reset") -> String {
        Yaml.refusal { () throws(SpecError) in try Yaml.window(on: link, when: [(key, value)], inject: kind) }
    }

    @Test(arguments: [
        ("statement", "COMMIT", "s3", "postgres and bolt links, and this one speaks http"),
        ("path", "/x", "postgres", "http links, and this one speaks postgres"),
        ("method", "GET", "postgres", "http links, and this one speaks postgres"),
        ("status", "500", "postgres", "http links, and this one speaks postgres"),
        ("header", "ETag", "redis", "http links, and this one speaks redis"),
        ("key", "x", "temporal", "http, postgres, redis and bolt links, and this one speaks tcp"),
        ("retries", "only", "temporal", "http, postgres, redis and bolt links, and this one speaks tcp"),
        ("operation", "GET", "temporal", "http, postgres, redis and bolt links, and this one speaks tcp"),
    ]) func whatTheProtocolDoesNotKnow(key: String, value: String, link: String, what: String) {
        #expect(
            refusal(key, value, on: link) == "a.yaml:4: faults[0].when.\(key) is known on \(what); leave it out")
    }

    @Test func theStatusOfARequest() {
        #expect(
            refusal("status", "500", on: "s3")
                == """
                a.yaml:4: faults[0].when.status is known of answers, and reset strikes requests here; \
                write 'direction: response' beside it
                """)
        #expect(refusal("status", "500", on: "s3", "lose-request").hasSuffix("strikes requests here; leave it out"))
        #expect(refusal("status", "500", on: "s3", "lose-response") == "")
    }

    @Test(arguments: [
        ("status", "99"), ("status", "6xx"), ("status", "5x"), ("method", "get"), ("path", "bucket"),
        ("header", "a b"), ("retries", "all"),
    ]) func patternsThatAreNone(key: String, value: String) {
        #expect(refusal(key, value, on: "s3", "lose-response").hasPrefix("a.yaml:4: faults[0].when.\(key) "))
    }
}

import Faults
import Testing
import Wire

/// Entries of `faults:` that strike processes.
struct ProcessWindowTests {
    /// The entry is on line 2, `at` and what is in it on line 4.
    private func read(
        _ entries: [(String, String)], at: [(String, String)]? = nil, inject kind: String = "kill",
        _ options: [(String, String)] = []
    ) throws(SpecError) -> Window {
        var all = entries.map { Yaml.entry(2, $0.0, .scalar($0.1)) }
        if let at { all.append(Yaml.entry(4, "at", .mapping(at.map { Yaml.entry(4, $0.0, .scalar($0.1)) }))) }
        let attributes = options.map { Yaml.entry(7, $0.0, .scalar($0.1)) }
        let fault = Yaml.entry(6, kind, attributes.isEmpty ? .empty : .mapping(attributes))
        all.append(Yaml.entry(5, "inject", .mapping([fault]), valueLine: 6))
        let spec = try Spec(
            SpecNode(.mapping(all), at: .line(2)), at: SpecPlace(file: "a.yaml", path: "faults[0]", mark: .line(2)))
        return try WindowReader.read([spec], links: Yaml.links, processes: Yaml.processes)[0]
    }

    private func refusal(
        _ entries: [(String, String)], at: [(String, String)]? = nil, inject kind: String = "kill",
        _ options: [(String, String)] = []
    ) -> String {
        Yaml.refusal { () throws(SpecError) in try read(entries, at: at, inject: kind, options) }
    }

    @Test func atATime() throws {
        let window = try read([("process", "worker"), ("from", "3s"), ("for", "2s")], inject: "pause")
        #expect(window.process == ProcessTarget("worker"))
        #expect(window.opening == .at(.seconds(3)) && window.closing == .lasting(.seconds(2)))
        #expect(window.link == "" && window.struck == "worker")
        #expect(window.what == "pause of worker")
        #expect(window.fault.processAction == .pause)
    }

    @Test func atAMessage() throws {
        let window = try read(
            [("process", "postgres"), ("name", "crash")],
            at: [("on", "postgres"), ("operation", "COMMIT"), ("stage", "forwarded"), ("nth", "2")], inject: "kill",
            [("restart-after", "2s")])
        #expect(window.process == ProcessTarget("postgres", stage: .forwarded))
        #expect(window.link == "postgres" && window.struck == "postgres" && window.name == "crash")
        #expect(window.selector == Selector(operation: Glob("COMMIT"), direction: .response, nth: 2))
        #expect(window.fault.processAction == .kill(restartAfter: .seconds(2)))
    }

    @Test func withoutACountTheFirstIsMeant() throws {
        let window = try read([("process", "worker")], at: [("on", "s3")])
        #expect(window.selector.nth == 1 && window.selector.direction == .request)
        #expect(window.process?.stage == .received)
        let every = try read([("process", "worker")], at: [("on", "s3"), ("every", "3")])
        #expect(every.selector.nth == nil && every.selector.every == 3)
    }

    @Test func which() throws {
        #expect(try read([("process", "worker"), ("which", "2")]).process?.which == .number(2))
        #expect(try read([("process", "lanes"), ("which", "40")]).process?.which == .number(40))
        #expect(try read([("process", "worker"), ("which", "all")]).process?.which == .all)
        #expect(
            refusal([("process", "worker"), ("which", "3")])
                == "a.yaml:2: faults[0].which is 3, and there are 2 processes of 'worker'; they count from 1")
        #expect(
            refusal([("process", "postgres"), ("which", "1")])
                == "a.yaml:2: faults[0].which chooses among workers, and 'postgres' is a service; leave it out")
        #expect(refusal([("process", "worker"), ("which", "0")]).contains("must be a number from 1, or all, not '0'"))
    }

    @Test func whatIsNoProcess() {
        #expect(
            refusal([("process", "wroker")])
                == """
                a.yaml:2: faults[0].process names no process: 'wroker'; known processes: lanes, worker, s3, postgres, redis \
                (did you mean 'worker'?)
                """)
        #expect(
            refusal([("process", "neo4j")])
                == """
                a.yaml:2: faults[0].process is a link to no service of the native stack: 'neo4j'; faultline ends and starts \
                only what it runs: managed workers, and services of the native stack
                """)
        #expect(
            Yaml.refusal { () throws(SpecError) in
                let spec = try Spec(
                    SpecNode(.mapping([Yaml.entry(2, "process", .scalar("x"))]), at: .line(2)),
                    at: SpecPlace(file: "a.yaml", path: "faults[0]", mark: .line(2)))
                return try WindowReader.read([spec], links: [:])[0]
            }.contains("there is no managed worker and no service of the native stack here"))
    }

    @Test func whatCannotStandTogether() {
        #expect(refusal([("process", "worker"), ("on", "s3")]).contains("on stands beside 'process'"))
        #expect(refusal([("process", "worker"), ("until", "3s")], at: [("on", "s3")]).contains("until is a time"))
        #expect(
            refusal([("process", "worker"), ("for", "3s")], inject: "kill", [("restart-after", "1s")])
                .contains("for stands beside 'restart-after'"))
        #expect(
            refusal([("process", "worker"), ("for", "3s")], inject: "restart").contains("a restart is over at once"))
        #expect(
            refusal([("process", "worker")], at: [("on", "s3"), ("direction", "both")]).contains(
                "at.direction is no matter here"))
        #expect(
            refusal([("process", "worker")], at: [("on", "s3"), ("status", "500")]).contains(
                "at.status is known of answers alone; write 'stage: forwarded'"))
        #expect(refusal([("process", "worker")], at: [("on", "s5")]).contains("at.on names no link: 's5'"))
        #expect(
            refusal([("process", "worker")], at: [("on", "s3"), ("stage", "sent")]).contains("has no value 'sent'"))
        #expect(
            refusal([("process", "worker")], at: [("on", "temporal"), ("operation", "x")]).contains(
                "this one speaks tcp"))
    }

    @Test func whatStrikesLinksStrikesNoProcess() {
        #expect(
            refusal([("process", "worker")], inject: "reset").contains(
                "cannot inject 'reset': it strikes a link, and the entry names a process"))
        #expect(
            Yaml.refusal { () throws(SpecError) in
                let kill = Yaml.entry(3, "inject", .scalar("kill"))
                let spec = try Spec(
                    SpecNode(.mapping([Yaml.entry(2, "on", .scalar("s3")), kill]), at: .line(2)),
                    at: SpecPlace(file: "a.yaml", path: "faults[0]", mark: .line(2)))
                return try WindowReader.read([spec], links: Yaml.links, processes: Yaml.processes)[0]
            }
                == """
                a.yaml:3: faults[0].inject cannot inject 'kill' on a link: it strikes a process; write 'process: NAME' in \
                place of 'on', and a message that it waits for as 'at: { on: s3 }'
                """)
    }

    @Test func whatForgetsItsDataIsOnlyPaused() throws {
        #expect(refusal([("process", "redis")]).contains("ends 'redis', which keeps its data in memory"))
        #expect(try read([("process", "redis")], inject: "pause").process?.name == "redis")
    }

    /// What a link is asked about its messages.
    @Test func aMessageSummons() throws {
        let window = try read(
            [("process", "worker"), ("for", "1s")],
            at: [("on", "s3"), ("operation", "PutObject"), ("stage", "forwarded"), ("nth", "2")])
        var link = LinkWindows(link: "s3").replaced(by: Plan(windows: [window], seed: 1))
        #expect(link.hasOpenWindow(at: .seconds(100)), "how long a process is struck is no matter of the link's")
        func decide(_ direction: Direction) -> Decision {
            link.decide(Message(direction: direction, operation: "PutObject"), call: 1, at: .seconds(100))
        }
        #expect(decide(.request).isUntouched)
        #expect(decide(.response).isUntouched)
        let second = decide(.response)
        #expect(second.summons == [1] && second.ending == .hold && second.holder == 1)
        #expect(second.struckBy == [] && !second.isUntouched)
        #expect(link.strikes(of: 1) == 0, "it has struck when the process was")
        #expect(decide(.response).isUntouched)
    }

    @Test func oneThatStrikesAtATimeIsNoMatterOfLinks() throws {
        let window = try read([("process", "postgres")])
        let link = LinkWindows(link: "postgres").replaced(by: Plan(windows: [window], seed: 1))
        #expect(!link.hasOpenWindow(at: .zero) && link.windows.isEmpty)
    }
}

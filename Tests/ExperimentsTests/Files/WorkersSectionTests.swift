import Experiments
import Faults
import Testing

/// `workers:` as somebody may have it wrong.
struct WorkersSectionTests {
    @Test(arguments: [
        ("{ name: w, command: [] }", "command is empty; write the program and its arguments: [./worker, --queue, q]"),
        (
            #"{ name: w, command: ["{lane}"] }"#,
            "command has a placeholder in the program's name; name one program for all processes"
        ),
        (
            #"{ name: w, command: [sh, "{lain}"] }"#,
            "command[1] has an unknown placeholder '{lain}'; known placeholders: lane, run, ready-file, link.redis, link.redis.host, link.redis.port (did you mean 'lane'?)"
        ),
        (
            "{ name: w, command: [sh], count: 2, ready: { port: 80 } }",
            #"ready waits for one port, and there may be several processes; write 'ready: { line: GLOB }', or 'ready: { file: "{ready-file}" }'"#
        ),
        (
            "{ name: w, command: [sh], count: per-lane, ready: { file: up } }",
            #"ready waits for one file, and there may be several processes: 'up'; write 'ready: { file: "{ready-file}" }', which is another file for each"#
        ),
        (
            "{ name: w, command: [sh], ready: { within: 3s } }",
            #"ready does not say what shows it; write one of { line: "*ready*" }, { file: "{ready-file}" } and { port: 8080 }"#
        ),
    ])
    func whatCannotBeIsRefused(worker: String, error: String) {
        let thrown = #expect(throws: SpecError.self) { try parse(worker) }
        #expect(thrown.map { "\($0)" } == "faultline.yaml:6: workers[0].\(error)")
    }

    @Test func oneFileForOneProcessIsFine() throws {
        #expect(try parse("{ name: w, command: [sh], ready: { file: up } }").workers.map(\.readiness) == [.file("up")])
    }

    private func parse(_ worker: String) throws(SpecError) -> SystemFile {
        try SystemFile.parse(
            """
            links: { redis: { protocol: redis, upstream: native } }
            stores: { s3: native }
            footprints: { redis: { document: { key: "a:{document}", type: hash } } }
            pipeline: { command: [/bin/true] }
            workers:
              - \(worker)
            """)
    }
}

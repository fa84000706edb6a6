import Experiments
import Faults
import Temporal
import Testing

/// `pipeline: temporal:` as somebody may have it wrong.
struct TemporalSectionTests {
    private func parse(_ options: String, arguments: String = #"["{document}"]"#) throws(SpecError) -> TemporalSpec? {
        let file = try SystemFile.parse(
            """
            links: { redis: { protocol: redis, upstream: native } }
            stores: { s3: native }
            footprints: { redis: { document: { key: "a:{document}", type: hash } } }
            allow: [temporal.example]
            pipeline:
              temporal:
                task-queue: q
                result: { succeeded: { status: success } }
                ingest: { workflow: Ingest, arguments: \(arguments) }
                \(options)
            """)
        guard case .temporal(let temporal) = file.pipeline else { return nil }
        return temporal
    }

    private func error(_ body: () throws -> TemporalSpec?) -> String? {
        #expect(throws: SpecError.self) { _ = try body() }.map { "\($0)" }
    }

    @Test func anArgumentNamesWhatThereIs() {
        #expect(
            error { try parse("", arguments: #"["{document}", { key: "{documnet}" }]"#) }
                == "faultline.yaml:9: pipeline.temporal.ingest.arguments[1].key has an unknown placeholder '{documnet}'; known placeholders: document, document.folder, document.name, key, key.folder, key.name, bucket, kind, submission, run, lane (did you mean 'document'?)"
        )
    }

    @Test(arguments: [
        ("address: temporal", "address must be an address, not 'temporal'; write HOST:PORT, or unix:PATH"),
        ("tls: { ca: none.pem }", "tls.ca must be a readable file, not 'none.pem'; name a file in PEM"),
        (
            "tls: true",
            "tls is not spoken by the native stack's server; leave it out, or write where yours is as 'address'"
        ),
        (
            "tls: true\n    address: \"127.0.0.1:7233\"",
            "tls does not say whom the certificate is for, and 127.0.0.1:7233 is no name; write 'tls: { server-name: NAME }'"
        ),
    ])
    func whatCannotBeIsRefused(options: String, words: String) {
        #expect(error { try parse(options) } == "faultline.yaml:10: pipeline.temporal.\(words)")
    }

    @Test func aServerHasTheNameOfItsCertificate() throws {
        #expect(try parse("tls: true\n    address: \"temporal.example:7233\"")?.serverName == nil)
        let named = try parse("tls: { server-name: temporal.example }\n    address: \"127.0.0.1:7233\"")
        #expect(named?.security == .tls() && named?.serverName == "temporal.example")
    }
}

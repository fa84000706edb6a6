import Faults
import Testing
import Wire

/// Errors of PostgreSQL.
struct SQLErrorTests {
    private func intent(
        _ options: KeyValuePairs<String, String>, on operation: String, when: [(String, String)] = []
    ) throws -> Intent? {
        let window = try Yaml.window(on: "postgres", when: when, inject: "sql-error", options)
        return Asking.intent(window, on: Message(direction: .request, operation: operation))
    }

    private func refusal(_ options: KeyValuePairs<String, String>) -> String {
        Yaml.refusal { () throws(SpecError) in try Yaml.window(on: "postgres", inject: "sql-error", options) }
    }

    @Test func whatIsAnswered() throws {
        let error = SQLError(sqlstate: "40001")
        #expect(try intent(["sqlstate": "40001"], on: "COMMIT") == .reply(.sql(error)))
        #expect(try intent(["sqlstate": "40001", "after-apply": "true"], on: "COMMIT") == .replyAfter(.sql(error)))
        #expect(
            try intent(["sqlstate": "57P01", "message": "going down"], on: "COMMIT")
                == .reply(.sql(SQLError(sqlstate: "57P01", message: "going down"))))
    }

    @Test(arguments: ["53300", "57P03", "28000", "28P01", "3D000"]) func errorsOfTheStartUp(sqlstate: String) throws {
        let reply = Intent.reply(.sql(SQLError(sqlstate: sqlstate)))
        #expect(try intent(["sqlstate": sqlstate], on: "startup") == reply)
        #expect(try intent(["sqlstate": sqlstate], on: "COMMIT") == nil)
        #expect(try intent(["sqlstate": sqlstate], on: "startup", when: [("first", "1")]) == reply)
        #expect(try intent(["sqlstate": sqlstate], on: "COMMIT", when: [("first", "1")]) == nil)
        #expect(try intent(["sqlstate": sqlstate], on: "COMMIT", when: [("operation", "COMMIT")]) == reply)
        #expect(
            refusal(["sqlstate": sqlstate, "after-apply": "true"]).contains(
                "after-apply is for statements, and \(sqlstate) is told when a connection begins"))
    }

    @Test(arguments: ["40001", "40P01", "53100", "57P01", "25006", "57014"])
    func errorsOfStatements(sqlstate: String) throws {
        #expect(try intent(["sqlstate": sqlstate], on: "startup") == nil)
        #expect(try intent(["sqlstate": sqlstate], on: "INSERT chunks") != nil)
        #expect(try intent(["sqlstate": sqlstate], on: "startup", when: [("operation", "startup")]) != nil)
    }

    @Test(arguments: ["4000", "400011", "4000a", "40 01", ""]) func codesThatAreNone(sqlstate: String) {
        #expect(refusal(["sqlstate": sqlstate]).contains("sqlstate must be an SQLSTATE, not '\(sqlstate)'"))
    }

    @Test func success() {
        #expect(
            refusal(["sqlstate": "00000"])
                == """
                a.yaml:7: faults[0].inject.sql-error.sqlstate says success: '00000'; write an error's, such as 40001
                """)
    }

    @Test func itIsOfPostgreSQLAlone() {
        let refusal = Yaml.refusal { () throws(SpecError) in
            try Yaml.window(inject: "sql-error", ["sqlstate": "40001"])
        }
        #expect(refusal.contains("cannot inject 'sql-error': the link 's3' speaks http"))
    }
}

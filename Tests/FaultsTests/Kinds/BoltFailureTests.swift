import Faults
import Testing
import Wire

/// Errors of Neo4j.
struct BoltFailureTests {
    private func intent(
        _ options: KeyValuePairs<String, String>, on operation: String, when: [(String, String)] = []
    ) throws -> Intent? {
        let window = try Yaml.window(on: "neo4j", when: when, inject: "bolt-failure", options)
        return Asking.intent(window, on: Message(direction: .request, operation: operation))
    }

    private func refusal(_ code: String) -> String {
        Yaml.refusal { () throws(SpecError) in
            try Yaml.window(on: "neo4j", inject: "bolt-failure", ["code": code])
        }
    }

    private static let deadlock = "Neo.TransientError.Transaction.DeadlockDetected"

    @Test func whatIsAnswered() throws {
        let failure = BoltFailure(code: Self.deadlock)
        #expect(try intent(["code": Self.deadlock], on: "COMMIT") == .reply(.bolt(failure)))
        #expect(
            try intent(["code": Self.deadlock, "after-apply": "true"], on: "COMMIT") == .replyAfter(.bolt(failure)))
        #expect(
            try intent(["code": Self.deadlock, "message": "again"], on: "COMMIT")
                == .reply(.bolt(BoltFailure(code: Self.deadlock, message: "again"))))
    }

    @Test func openingASessionIsLeftAlone() throws {
        #expect(try intent(["code": Self.deadlock], on: "startup") == nil)
        #expect(try intent(["code": Self.deadlock], on: "startup", when: [("operation", "startup")]) != nil)
    }

    @Test(arguments: [
        "Neo.TransientError.Transaction.LeaderSwitch", "Neo.ClientError.Cluster.NotALeader",
        "Neo.DatabaseError.General.UnknownError", "Neo.ClientError.Schema.ConstraintValidationFailed",
    ])
    func codesThatThereMayBe(code: String) throws { #expect(try intent(["code": code], on: "COMMIT") != nil) }

    @Test(arguments: [
        "DeadlockDetected", "Neo.TransientError.DeadlockDetected", "Neo.TransientError.Transaction.DeadlockDetected.",
        "Neo.Transient.Transaction.DeadlockDetected", "Neo.ClientNotification.Statement.CartesianProduct",
        "Neo.TransientError.Transactions.DeadlockDetected", "Neo.TransientError.Transaction.deadlock", "40001",
    ])
    func codesThatAreNone(code: String) {
        let refusal = refusal(code)
        #expect(refusal.contains("code must be a status code, not '\(code)'"))
        #expect(refusal.contains("Neo.CLASSIFICATION.CATEGORY.TITLE"))
        #expect(refusal.contains("ClientError, DatabaseError, TransientError"))
    }
}

import Consistency
import Experiments
import Stores
import Testing

struct ResultRuleTests {
    private let rule = ResultRule(
        succeeded: .places([ValuePath("status"): ["success"]]),
        rolledBack: .places([ValuePath("status"): ["failed"], ValuePath("undone"): [true]]),
        unknown: .places([ValuePath("status"): ["partial", "failed"], ValuePath("undone"): [false]]),
        id: ValuePath("uuid"), reason: ValuePath("error.message"))

    @Test func aResultIsReadByItsPlaces() {
        #expect(
            rule.answer(["status": "success", "uuid": "u"], step: "s") == PipelineAnswer(.succeeded, storedID: "u"))
        let failed = rule.answer(
            ["status": "failed", "undone": true, "uuid": 7, "error": ["message": "no room"]], step: "s")
        #expect(failed.result == .rolledBack)
        #expect(failed.storedID == "7")
        #expect(failed.reason == "no room")
        #expect(rule.answer(["status": "partial", "undone": false], step: "s").result == .unknown)
    }

    /// None of these is a success.
    @Test(
        arguments: [
            (["status": "successful", "uuid": "u"], "the result is none that 'result' knows: "),
            (["state": "success"], "the result is none that 'result' knows: "),
            ([["status": "success"]], "the result is none that 'result' knows: "),
            (nil, "the result is none that 'result' knows: null"),
            ("success", "the result is none that 'result' knows: "),
            (["status": "success"], "the result says success, but at 'uuid' is no id: "),
            (["status": "success", "uuid": ""], "the result says success, but at 'uuid' is no id: "),
        ] as [(JSON?, String)])
    func whatItDoesNotKnowIsUnknown(value: JSON?, reason: String) {
        let answer = rule.answer(value ?? .null, step: "s")
        #expect(answer.result == .unknown)
        #expect(answer.reason?.hasPrefix(reason) == true)
    }

    @Test func aResultThatMeansTwoThingsIsUnknown() {
        let rule = ResultRule(
            succeeded: .places([ValuePath("done"): [true]]), rolledBack: .places([ValuePath("failed"): [true]]))
        let answer = rule.answer(["done": true, "failed": true], step: "s")
        #expect(answer.result == .unknown)
        #expect(answer.reason?.hasPrefix("the result meets more than one condition of 'result'") == true)
    }

    @Test func theWholeMayBeTheResult() {
        let rule = ResultRule(succeeded: .whole([.null, 1, "ok"]))
        #expect([JSON.null, .double(1), "ok"].allSatisfy { rule.answer($0, step: "s").result == .succeeded })
        #expect([JSON.string("1"), 2, [:]].allSatisfy { rule.answer($0, step: "s").result == .unknown })
    }

    @Test func whatIsNotThereIsNotNull() {
        let rule = ResultRule(succeeded: .places([ValuePath("error"): [.null]]))
        #expect(rule.answer(["error": .null], step: "s").result == .succeeded)
        #expect(rule.answer([:], step: "s").result == .unknown)
    }
}

import Consistency
import Experiments
import Testing

/// What a program's end says about its submission.
struct CommandAnswerTests {
    private func answer(
        _ ending: CommandAnswer.Ending, output: String = "", errors: String = ""
    ) -> PipelineAnswer {
        CommandAnswer(ending: ending, output: output, errors: errors, rolledBackCodes: [75]).answer
    }

    @Test(arguments: [
        (CommandAnswer.Ending.exited(0), Submission.Result.succeeded), (.exited(75), .rolledBack),
        (.exited(1), .unknown),
        (.signaled(9), .unknown), (.outOfTime(.seconds(1)), .unknown), (.stopped, .unknown),
    ])
    func byItsEnd(ending: CommandAnswer.Ending, expected: Submission.Result) {
        #expect(answer(ending).result == expected)
    }

    @Test func theLastLineOfJSONOverridesTheExitCode() {
        let output = "working\n{\"status\": \"rolled-back\", \"reason\": \"no entities\"}\n\n"
        #expect(
            answer(.exited(0), output: output, errors: "x\n").reason
                == "the command ended with exit code 0: no entities")
        #expect(answer(.exited(0), output: output).result == .rolledBack)
        #expect(answer(.exited(0), output: "{\"status\": \"failed\"}").result == .unknown)
        let stored = answer(.exited(1), output: "{\"status\": \"succeeded\", \"id\": \"uuid-1\"}")
        #expect(stored == PipelineAnswer(.succeeded, storedID: "uuid-1"))
    }

    @Test func whatIsNoStatusDoesNotOverride() {
        #expect(answer(.exited(0), output: "{\"status\": \"rolled-back\"}\nbye").result == .succeeded)
        #expect(answer(.exited(0), output: "{\"state\": \"failed\"}").result == .succeeded)
        let odd = answer(.exited(0), output: "{\"status\": \"done\"}")
        #expect(odd.result == .unknown)
        #expect(odd.reason == "the command says 'done', which is not succeeded, rolled-back or failed")
    }

    @Test func aKilledProgramsWordDoesNotCount() {
        #expect(answer(.outOfTime(.seconds(2)), output: "{\"status\": \"succeeded\"}").result == .unknown)
    }

    @Test func theReasonIsTheEndOfStandardError() {
        let failed = answer(.exited(2), errors: "one\ntwo\n\n\t three \nfour\n")
        #expect(failed.reason == "the command ended with exit code 2: two; three; four")
        #expect(failed.steps.map(\.code) == ["exit 2"])
        #expect(answer(.exited(2)).reason == "the command ended with exit code 2")
    }
}

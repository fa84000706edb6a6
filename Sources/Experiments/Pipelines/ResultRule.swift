import Consistency
package import Stores

/// Reads from a value that a pipeline returned what became of a submission. A value that it does not know is never a success.
/// Pure.
package struct ResultRule: Hashable, Sendable {
    package var succeeded: ValueCondition
    /// It failed, and everything it had written is undone.
    package var rolledBack: ValueCondition?
    /// It ended, and nobody knows what is left of it.
    package var unknown: ValueCondition?
    /// Where the id stands under which the stores know the document.
    package var id: ValuePath?
    package var reason: ValuePath?

    /// Characters of a value that a reason shows.
    private static let shownMax = 300

    package init(
        succeeded: ValueCondition, rolledBack: ValueCondition? = nil, unknown: ValueCondition? = nil,
        id: ValuePath? = nil, reason: ValuePath? = nil
    ) {
        self.succeeded = succeeded
        self.rolledBack = rolledBack
        self.unknown = unknown
        self.id = id
        self.reason = reason
    }

    /// Whether the value says how it ended.
    package func knows(_ value: JSON) -> Bool { !meanings(of: value).isEmpty }

    /// - Parameter step: what returned it, for the reason of a failure: `workflow`.
    package func answer(_ value: JSON, step: String) -> PipelineAnswer {
        let meanings = meanings(of: value)
        let storedID = id?.text(in: value)
        func unknown(_ reason: String) -> PipelineAnswer { .failed(.unknown, step, reason, storedID: storedID) }
        guard let result = meanings.first else {
            return unknown("the result is none that 'result' knows: \(Self.shown(value))")
        }
        guard meanings.count == 1 else {
            return unknown("the result meets more than one condition of 'result': \(Self.shown(value))")
        }
        guard result == .succeeded else {
            let said = reason?.text(in: value) ?? Self.shown(value)
            return .failed(result, step, said, storedID: storedID)
        }
        if let id, storedID == nil {
            return unknown("the result says success, but at '\(id)' is no id: \(Self.shown(value))")
        }
        return PipelineAnswer(.succeeded, storedID: storedID)
    }

    private func meanings(of value: JSON) -> [Submission.Result] {
        let conditions: [(Submission.Result, ValueCondition?)] = [
            (.succeeded, succeeded), (.rolledBack, rolledBack), (.unknown, unknown),
        ]
        return conditions.filter { $0.1?.isMet(by: value) == true }.map(\.0)
    }

    static func shown(_ value: JSON) -> String {
        let text = String(decoding: value.bytes, as: UTF8.self)
        return text.count > shownMax ? text.prefix(shownMax) + "…" : text
    }
}

extension PipelineAnswer {
    /// A failure of one step that calls no service itself.
    static func failed(
        _ result: Submission.Result, _ step: String, _ reason: String, code: String? = nil, storedID: String? = nil
    ) -> PipelineAnswer {
        PipelineAnswer(
            result, storedID: storedID, reason: reason,
            steps: [Step(name: step, service: "worker", code: code, reason: reason)])
    }
}

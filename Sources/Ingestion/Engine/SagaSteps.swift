/// The work of one saga's steps, one try at a time. An engine decides when, how often and for how long.
package protocol SagaSteps: Sendable {
    /// Does one try of a step.
    func perform(_ step: SagaStep) async throws -> SagaFacts

    /// Of the largest version that is known to be on its way or in a store; time limits grow with it.
    var chunks: Int { get }
}

import ArgumentParser
import Experiments
import Ingestion

extension SagaEngine: ExpressibleByArgument {}

/// `--engine`, for commands that run the reference worker.
struct EngineOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What drives the reference worker's saga; temporal where a Temporal is configured, as in the native stack.",
            valueName: "embedded|temporal"))
    var engine: SagaEngine?

    /// - Parameter missing: what is struck: `the link 'temporal'`.
    static func lacks(_ missing: String, struckBy experiment: String) -> UsageError {
        UsageError(
            description: """
                \(experiment) strikes \(missing), which the embedded engine does not have; use --engine temporal
                """)
    }

    /// - Parameter file: nil: the reference worker on the native stack.
    func choice(for file: SystemFile?) throws -> SagaEngine {
        guard let file else { return engine ?? .temporal }
        let has = file.hasTemporal
        guard let engine else { return has ? .temporal : .embedded }
        guard file.pipeline == .reference else {
            throw UsageError(
                description: "--engine is the reference worker's, and \(file.file) has a pipeline of its own")
        }
        if engine == .temporal, !has {
            throw UsageError(
                description: """
                    --engine temporal needs a link to Temporal in \(file.file); add it to 'links': \
                    '- { name: temporal, protocol: tcp, service: temporal, upstream: native }'
                    """)
        }
        return engine
    }
}

/// The decisions of the worker that a planted defect can replace.
package struct WorkerBehaviour: Sendable {
    package var extensionRule: any ExtensionRule = HeaderThenNameThenContent()

    /// The right behaviour, spoilt by each of the defects.
    package init(defects: Set<Defect> = []) {
        for defect in defects {
            switch defect {
            case .noExtensionFallback: extensionRule = HeaderOnly()
            }
        }
    }
}

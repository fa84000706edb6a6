import Faults

extension SpecNode {
    /// As YAML on one line: `latency: { delay: 1s }`, without braces around the whole.
    var flow: String {
        guard case .mapping(let entries) = content else { return inner }
        return entries.map { "\($0.key): \($0.node.inner)" }.joined(separator: ", ")
    }

    private var inner: String {
        switch content {
        case .empty: "~"
        case .scalar(let text): text
        case .sequence(let nodes): "[\(nodes.map(\.inner).joined(separator: ", "))]"
        case .mapping(let entries): entries.isEmpty ? "{}" : "{ \(flow) }"
        }
    }
}

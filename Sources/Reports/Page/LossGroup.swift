package import Consistency
package import Experiments

/// Documents that were lost in the same way.
package struct LossGroup: Hashable, Sendable {
    package var kind: Submission.Kind
    package var result: Submission.Result
    package var step: String
    package var service: String
    package var code: String?
    package var struckBy: [String]
    /// Of the first of them.
    package var reason: String
    package var documents: [String]

    /// The largest group first.
    package static func all(_ lost: [LostDocument]) -> [LossGroup] {
        var order: [LossGroup] = []
        var places: [[String]: Int] = [:]
        for document in lost {
            let way = [
                document.kind.rawValue, document.result.rawValue, document.step, document.service, document.code ?? "",
                document.struckBy.joined(separator: "\n"),
            ]
            if let place = places[way] {
                order[place].documents.append(document.document)
            } else {
                places[way] = order.count
                order.append(
                    LossGroup(
                        kind: document.kind, result: document.result, step: document.step, service: document.service,
                        code: document.code,
                        struckBy: document.struckBy, reason: document.reason, documents: [document.document]))
            }
        }
        return order.enumerated().sorted {
            ($1.element.documents.count, $0.offset) < ($0.element.documents.count, $1.offset)
        }
        .map(\.element)
    }
}

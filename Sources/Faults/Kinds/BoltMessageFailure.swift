import Wire

/// Neo4j refuses with a code of the user's choice.
struct BoltMessageFailure: Fault {
    static let kind = "bolt-failure"
    static let summary = """
        the statement is not applied, or with 'after-apply' it is; it is answered with a FAILURE of this code, its \
        transaction fails as it would, and what follows is IGNORED until the client sends RESET
        """
    static let strike = "a statement that was answered so; with 'after-apply', one that had succeeded"
    static let protocols = [LinkProtocol.bolt]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let attributes: [FaultAttribute] = [
        .required(
            "code", "a status code", "Neo.TransientError.Transaction.DeadlockDetected",
            "the error's code (Neo4j documentation, status codes)"),
        .optional("message", "text", "no", or: "the server's own words", "what the error says"),
        .optional("after-apply", "true or false", "true", or: "false", "whether the statement is applied before"),
    ]
    static let example = "{ code: Neo.TransientError.Transaction.DeadlockDetected }"
    static let exampleSection = section(on: "neo4j", when: "{ operation: \"MERGE *\", first: 1 }")

    let failure: BoltFailure
    let isApplied: Bool

    init(spec: inout Spec) throws(SpecError) {
        failure = BoltFailure(
            code: try spec.required("code", .statusCode), message: try spec.optional("message", .name))
        isApplied = try spec.optional("after-apply", .bool) ?? false
    }

    /// Opening a session is refused with other codes, and by other faults.
    func ownOperations(on link: LinkProtocol) -> OwnOperations? { .allBut("startup") }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        isApplied ? .replyAfter(.bolt(failure)) : .reply(.bolt(failure))
    }
}

extension SpecType where Value == String {
    /// `Neo.`, a classification and a category that there are, and a title (Neo4j documentation, status codes).
    fileprivate static var statusCode: SpecType {
        .scalar(
            "a status code", example: "Neo.TransientError.Transaction.DeadlockDetected",
            mend: "it reads Neo.CLASSIFICATION.CATEGORY.TITLE, such as Neo.TransientError.Transaction.LeaderSwitch; an "
                + "error's classification is \(Self.classifications.joined(separator: ", ")), its category one of "
                + Self.categories.joined(separator: ", ")
        ) {
            let words = $0.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard words.count == 4, words[0] == "Neo", Self.classifications.contains(words[1]),
                Self.categories.contains(words[2]), words[3].wholeMatch(of: /[A-Z][A-Za-z]+/) != nil
            else { return nil }
            return $0
        }
    }

    private static var classifications: [String] { ["ClientError", "DatabaseError", "TransientError"] }

    private static var categories: [String] {
        [
            "ChangeDataCapture", "Cluster", "Database", "Fabric", "General", "Network", "Procedure", "Request",
            "Routing", "Schema", "Security", "Statement", "Transaction",
        ]
    }
}

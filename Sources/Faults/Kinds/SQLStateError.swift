import Wire

/// PostgreSQL refuses with a code of the user's choice.
struct SQLStateError: Fault {
    static let kind = "sql-error"
    static let summary = """
        the statement is not applied, or with 'after-apply' it is; it is answered with this SQLSTATE, and the transaction \
        fails as it would; codes of the start-up (53300, 57P03, 28000, 28P01, 3D000) strike connections that begin, \
        others statements
        """
    static let strike = "a statement, or a start-up, that was answered so; with 'after-apply', one that had succeeded"
    static let protocols = [LinkProtocol.postgres]
    static let direction: Direction? = .request
    static let oneWayOn = LinkProtocol.allCases
    static let attributes: [FaultAttribute] = [
        .required("sqlstate", "five characters", "40001", "the error's code (PostgreSQL documentation, appendix A)"),
        .optional("message", "text", "no", or: "the server's own words", "what the error says"),
        .optional(
            "after-apply", "true or false", "true", or: "false", "whether the statement is applied before"),
    ]
    static let example = "{ sqlstate: 40001 }"
    static let exampleSection = section(on: "postgres", when: "{ statement: \"insert into chunks *\", first: 1 }")

    let error: SQLError
    let isApplied: Bool

    init(spec: inout Spec) throws(SpecError) {
        let sqlstate = try spec.required("sqlstate", .sqlstate)
        guard !sqlstate.hasPrefix("00") else {
            throw spec.error("sqlstate", "says success: '\(sqlstate)'", mend: "write an error's, such as 40001")
        }
        error = SQLError(sqlstate: sqlstate, message: try spec.optional("message", .name))
        isApplied = try spec.optional("after-apply", .bool) ?? false
        if isApplied, Self.ofStartUp.contains(sqlstate) {
            throw spec.error(
                "after-apply", "is for statements, and \(sqlstate) is told when a connection begins",
                mend: "leave it out"
            )
        }
    }

    /// Errors with which a server refuses a connection: too many, cannot connect now, not authorised, no such database.
    private static let ofStartUp = ["53300", "57P03", "28000", "28P01", "3D000"]

    func ownOperations(on link: LinkProtocol) -> OwnOperations? {
        Self.ofStartUp.contains(error.sqlstate) ? .only("startup") : .allBut("startup")
    }

    func act(on message: Message, random: inout SeededRandom) -> Intent? {
        isApplied ? .replyAfter(.sql(error)) : .reply(.sql(error))
    }
}

extension SpecType where Value == String {
    /// Five of A-Z and 0-9.
    fileprivate static var sqlstate: SpecType {
        .scalar("an SQLSTATE", example: "40001", mend: "it has five characters of A-Z and 0-9, such as 40001 or 57P01")
        {
            $0.wholeMatch(of: /[A-Z0-9]{5}/) != nil ? $0 : nil
        }
    }
}

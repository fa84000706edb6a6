internal import CPostgres

/// What the server answered to one statement or script: the last result, or the first error.
struct PostgresAnswer {
    private var result = PostgresResult(columns: [], rows: [], affected: 0)
    private var tag = ""
    private var failure: (code: String, message: String)?

    var isFailure: Bool { failure != nil }

    /// Adds one result of libpq. Throws when the connection ended instead, or is in no state to go on.
    mutating func take(_ handle: OpaquePointer) throws(Interruption) {
        switch PQresultStatus(handle) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_SINGLE_TUPLE:
            read(handle)
        case PGRES_EMPTY_QUERY:
            return
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            throw .unusable("COPY is not supported by this client")
        default:
            guard let code = Self.field(handle, "C") else {
                if isFailure { return }
                throw .ended
            }
            let parts = [Self.field(handle, "M"), Self.field(handle, "D"), Self.field(handle, "H")].compactMap(\.self)
            if failure == nil { failure = (code, parts.joined(separator: "; ")) }
        }
    }

    func get(operation: String, stakes: PostgresConnection.Stakes) -> Result<PostgresResult, StoreError> {
        if let failure {
            return .failure(
                StoreError(
                    service: "postgres", operation: operation,
                    outcome: SQLState.leavesDoubt(failure.code) && stakes != .none ? .indefinite : .definite,
                    isTransient: SQLState.isTransient(failure.code), code: failure.code, message: failure.message))
        }
        if stakes == .commit, tag != "COMMIT" {
            return .failure(
                StoreError(
                    service: "postgres", operation: operation, outcome: .definite, isTransient: false,
                    code: SQLState.inFailedTransaction,
                    message: "the server rolled back, because a statement of the transaction had failed"))
        }
        return .success(result)
    }

    private mutating func read(_ handle: OpaquePointer) {
        let columns = PQnfields(handle)
        result.columns = (0..<columns).map { String(cString: PQfname(handle, $0)) }
        result.rows = (0..<PQntuples(handle)).map { row in
            (0..<columns).map { column in
                guard PQgetisnull(handle, row, column) == 0 else { return nil }
                let bytes = UnsafeRawBufferPointer(
                    start: PQgetvalue(handle, row, column), count: Int(PQgetlength(handle, row, column)))
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        tag = String(cString: PQcmdStatus(handle))
        result.affected = Int(String(cString: PQcmdTuples(handle))) ?? 0
    }

    private static func field(_ handle: OpaquePointer, _ code: Unicode.Scalar) -> String? {
        PQresultErrorField(handle, Int32(code.value)).map { String(cString: $0) }
    }
}

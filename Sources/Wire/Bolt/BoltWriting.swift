/// Bolt's messages as bytes, in chunks (Bolt documentation, messages).
package enum BoltWriting {
    /// RUN of a text that cannot be parsed. The server takes part in the failure as in any other: its transaction is over,
    /// and what follows is IGNORED up to RESET.
    ///
    /// - Parameter reason: what its log shall say.
    package static func failingRun(_ reason: String) -> [UInt8] {
        let text = "faultline \(reason.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") })"
        return message(BoltTag.run, [.string(text), [:], [:]])
    }

    /// DISCARD of all that a result still has.
    ///
    /// - Parameter number: of the result in its transaction; `nil` for the latest.
    package static func discard(result number: Int?) -> [UInt8] {
        var extra: [String: BoltValue] = ["n": -1]
        if let number { extra["qid"] = .int(number) }
        return message(BoltTag.discard, [.map(extra)])
    }

    /// FAILURE, as servers of this version word it.
    package static func failure(_ failure: BoltFailure, _ version: BoltVersion) -> [UInt8] {
        guard version.hasGQLStatus else {
            return message(BoltTag.failure, [["code": .string(failure.code), "message": .string(failure.wording)]])
        }
        let record: BoltValue = [
            "CURRENT_SCHEMA": "/", "OPERATION": "", "OPERATION_CODE": "0",
            "_classification": .string(failure.classification),
        ]
        return message(
            BoltTag.failure,
            [
                [
                    "neo4j_code": .string(failure.code), "message": .string(failure.wording),
                    "gql_status": .string(failure.gqlStatus.status),
                    "description": .string(failure.gqlStatus.description),
                    "diagnostic_record": record,
                ]
            ])
    }

    /// The answer to ROUTE with all servers at one address; `nil` when it is none that can be read.
    ///
    /// - Parameter answer: a SUCCESS, whole, without its chunks' heads.
    package static func rerouted(_ answer: [UInt8], to address: String) -> [UInt8]? {
        guard case .structure(let tag, let fields)? = try? PackStreamReader.read(answer),
            case .map(var metadata)? = fields.first, case .map(var table)? = metadata["rt"],
            case .list(let servers)? = table["servers"]
        else { return nil }
        table["servers"] = .list(
            servers.map { server in
                guard case .map(var entries) = server, case .list(let addresses)? = entries["addresses"] else {
                    return server
                }
                entries["addresses"] = addresses.isEmpty ? [] : [.string(address)]
                return .map(entries)
            })
        metadata["rt"] = .map(table)
        return message(tag, [.map(metadata)])
    }

    private static func message(_ tag: UInt8, _ fields: [BoltValue]) -> [UInt8] {
        var writer = PackStreamWriter()
        writer.write(.structure(tag: tag, fields: fields))
        return BoltChunks.split(writer.bytes)
    }
}

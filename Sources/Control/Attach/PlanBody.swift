package import Faults
package import Stores
package import Wire

/// A run's plan as it travels: `{ seed, faults: [{ id, on, inject, when, name, from, until, for }] }`, the faults as experiments have
/// them, each with its number in the plan.
package enum PlanBody {
    package static func json(_ windows: [Window], seed: UInt64) throws(Unwritten) -> JSON {
        let faults = try windows.map { window throws(Unwritten) in
            guard let written = window.written, case .object(var members) = JSON(written) else {
                throw Unwritten(window: window.name)
            }
            members["id"] = .int(window.id)
            return JSON.object(members)
        }
        return ["seed": .string("\(seed)"), "faults": .array(faults)]
    }

    /// A window that a program made, and no file can say.
    package struct Unwritten: Error, Hashable, Sendable, CustomStringConvertible {
        package var window: String
        package var description: String {
            "the fault '\(window)' was not read from a file, so it cannot be sent to a proxy"
        }
    }

    /// - Parameter links: those that the run has.
    /// - Throws: `APIError` or `SpecError`.
    package static func read(_ body: [UInt8], links: [String: LinkTraits]) throws -> (windows: [Window], seed: UInt64) {
        var members = try APIBody.object(body)
        let seed = try seed(members.removeValue(forKey: "seed"))
        let faults = members.removeValue(forKey: "faults")
        try APIBody.spec(members).finish()
        guard case .array(let entries)? = faults else {
            throw APIError(400, "the request needs the option 'faults', a list")
        }
        var ids: [Int] = []
        let specs = try entries.enumerated().map { index, entry in
            guard case .object(var members) = entry else { throw APIError(400, "faults[\(index)] must be an object") }
            guard let id = members.removeValue(forKey: "id")?.int, (1...1_000_000).contains(id), !ids.contains(id)
            else {
                throw APIError(400, "faults[\(index)] needs the option 'id': a number from 1, of its own")
            }
            ids.append(id)
            return try Spec(APIBody.node(.object(members)), at: APIBody.place("faults[\(index)]"))
        }
        let windows = try WindowReader.read(specs, links: links)
        if let other = windows.first(where: { $0.process != nil }) {
            throw APIError(400, "'\(other.name)' strikes a process, and a standing proxy strikes links alone")
        }
        return (windows.map { $0.renumbered { ids[$0 - 1] } }, seed)
    }

    private static func seed(_ json: JSON?) throws -> UInt64 {
        switch json {
        case .int(let number)? where number >= 0: return UInt64(number)
        case .string(let text)?:
            if let seed = UInt64(text) { return seed }
        default: break
        }
        throw APIError(400, "the request needs the option 'seed', a number from 0")
    }
}

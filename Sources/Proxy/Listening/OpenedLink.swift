import Reactor

/// A link whose sockets listen. Clients wait in their queues until the loops carry it.
struct OpenedLink: Sendable {
    let prepared: PreparedLink
    private(set) var lanes: [OpenedLane] = []

    var configuration: LinkConfiguration { prepared.configuration }
    var name: String { prepared.configuration.name }
    var addresses: [String] { lanes.map(\.address) }

    /// - Parameters:
    ///   - reused: lanes of a link that this one replaces.
    ///   - loops: how many loops will carry it.
    /// - Throws: `LinkError`, for an address in use among others.
    init(_ prepared: PreparedLink, reusing reused: [OpenedLane], loops: Int) throws {
        self.prepared = prepared
        lanes = Array(reused.prefix(prepared.listeners.count))
        do {
            for lane in lanes.count..<prepared.listeners.count {
                lanes.append(try OpenedLane(prepared.listeners[lane], lane: lane, loops: loops))
            }
        } catch {
            for lane in lanes.dropFirst(reused.count) { lane.close() }
            throw LinkError(
                link: prepared.configuration.name, what: "\(error)", mend: "choose another address, or port 0")
        }
    }

    func sockets(of loop: Int) -> [ListeningSocket] { lanes.flatMap { $0.sockets[loop] } }

    /// Whether it listens with this socket.
    private func has(_ lane: OpenedLane) -> Bool { lanes.contains { $0.sockets[0][0] === lane.sockets[0][0] } }

    /// Resolves names and listens, for all links or none. Blocks: never on a loop.
    ///
    /// - Parameter former: links that will be closed; whose address is asked for again, gives its sockets.
    static func open(
        _ configurations: [LinkConfiguration], replacing former: [OpenedLink], loops: Int,
        by resolver: @escaping Resolver
    ) throws -> [OpenedLink] {
        let prepared = try configurations.map { try PreparedLink($0, by: resolver) }
        var left = former
        var opened: [OpenedLink] = []
        do {
            for link in prepared {
                let index = left.firstIndex { $0.mayGiveSockets(to: link.configuration) }
                let reused = index.map { left.remove(at: $0).lanes } ?? []
                opened.append(try OpenedLink(link, reusing: reused, loops: loops))
            }
        } catch {
            close(opened, except: former)
            throw error
        }
        return opened
    }

    private func mayGiveSockets(to other: LinkConfiguration) -> Bool {
        guard other.listen == configuration.listen else { return false }
        // A port that the system chose is another one for another link.
        return other.name == name || UpstreamAddress(other.listen).map { $0.unixPath != nil || $0.port != 0 } ?? false
    }

    /// Closes the sockets of links, but not those that others go on with.
    static func close(_ links: [OpenedLink], except others: [OpenedLink]) {
        for lane in links.flatMap(\.lanes) where !others.contains(where: { $0.has(lane) }) { lane.close() }
    }
}

import Glibc
import Reactor

/// One lane of a link whose sockets listen.
struct OpenedLane: Sendable {
    /// Where clients reach it: `HOST:PORT` or `unix:PATH`.
    var address: String
    /// For each loop its own.
    private(set) var sockets: [[ListeningSocket]]
    private static let portTriesMax = 16

    /// Listens at every address that the lane's host stands for, at one port.
    ///
    /// - Throws: `SocketError`, for an address in use among others.
    init(_ prepared: PreparedListener, lane: Int, loops: Int) throws {
        if let path = prepared.address.unixPath {
            let address = prepared.socketAddresses[0]
            if Socket.isAbandoned(path, at: address) { unlink(path) }
            let descriptor = try Socket.listen(address, named: prepared.name).descriptor
            let socket = ListeningSocket(
                descriptor, lane: lane, name: prepared.name, address: address, unixPath: path)
            self.address = "unix:\(path)"
            sockets = Array(repeating: [socket], count: loops)
            return
        }
        let host = prepared.address.host
        var tries = 0
        while true {
            tries += 1
            do {
                let (found, port) = try Self.listen(prepared, lane: lane, loops: loops)
                sockets = found
                address = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
                return
            } catch let error as SocketError
                where error.code == EADDRINUSE && prepared.address.port == 0 && tries < Self.portTriesMax
            {
                // The port that is free at the first address is taken at another.
            }
        }
    }

    private static func listen(
        _ prepared: PreparedListener, lane: Int, loops: Int
    ) throws -> (sockets: [[ListeningSocket]], port: Int) {
        var sockets: [[ListeningSocket]] = Array(repeating: [], count: loops)
        var port = prepared.address.port
        var missing: SocketError?
        do {
            for address in prepared.socketAddresses {
                let asked = address.with(port: port)
                do {
                    let (descriptors, local) = try Socket.listen(asked, named: prepared.name, copies: loops)
                    port = local.port
                    for (loop, descriptor) in descriptors.enumerated() {
                        let socket = ListeningSocket(
                            descriptor, lane: lane, name: prepared.name, address: local, unixPath: nil)
                        sockets[loop].append(socket)
                    }
                } catch let error as SocketError where [EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.code) {
                    // A name may stand for an address of a family that this machine does without.
                    missing = error
                }
            }
            if sockets[0].isEmpty, let missing { throw missing }
        } catch {
            for socket in sockets.joined() { socket.close() }
            throw error
        }
        return (sockets, port)
    }

    func close() { for socket in sockets.joined() { socket.close() } }
}

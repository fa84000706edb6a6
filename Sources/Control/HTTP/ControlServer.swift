import Foundation
import Hummingbird
import Logging
import NIOCore
import Proxy

/// Serves the control APIs, on threads of its own: neither can it delay traffic, nor traffic it.
package struct ControlServer: Sendable {
    /// Where it listens, and who may ask.
    package struct Place: Hashable, Sendable {
        package var host: String
        /// 0 takes a free one.
        package var port: Int
        /// Asked for in each request; beyond loopback there must be one.
        package var token: String?

        package static let standard = Place(host: "127.0.0.1", port: 8474, token: nil)

        package init(host: String, port: Int, token: String?) {
            self.host = host
            self.port = port
            self.token = token
        }

        /// - Parameter address: `HOST:PORT` or `[IPv6]:PORT`.
        /// - Throws: `LinkError` for no such address, and for one beyond loopback without a token.
        package init(_ address: String, token: String?) throws {
            let colon = address.lastIndex(of: ":")
            let host = colon.map { address[..<$0].filter { $0 != "[" && $0 != "]" } } ?? ""
            guard let colon, let port = UInt16(address[address.index(after: colon)...]), !host.isEmpty else {
                throw LinkError(
                    link: "*", what: "'\(address)' is no address for the control API",
                    mend: "write HOST:PORT, such as 127.0.0.1:8474, or 'off' for none")
            }
            guard token != nil || Guardian.isLoopback(address) else {
                throw LinkError(
                    link: "*", what: "the control API at '\(address)' could be asked by others than this machine",
                    mend: "put a token into the environment variable FAULTLINE_TOKEN, or name 127.0.0.1:\(port)")
            }
            self.init(host: host, port: Int(port), token: token)
        }
    }

    private let live: LiveLinks
    private let place: Place
    private let version: String

    /// - Parameter version: faultline's own, for the metrics page to tell.
    package init(_ live: LiveLinks, at place: Place, version: String = "unknown") {
        self.live = live
        self.place = place
        self.version = version
    }

    /// Serves until its task is cancelled.
    ///
    /// - Parameter onReady: called once it listens, with its address.
    /// - Throws: `LinkError` for an address in use.
    package func run(onReady: @escaping @Sendable (String) async -> Void = { _ in }) async throws {
        try await ControlThread.run { try await serve(on: $0, onReady: onReady) }
    }

    private func serve(on thread: ControlThread, onReady: @escaping @Sendable (String) async -> Void) async throws {
        var logger = Logger(label: "control")
        // Connections that a stop cuts off are reported as errors; they are none.
        logger.logLevel = .critical
        let place = place
        let application = Application(
            responder: ControlResponder(
                guardian: Guardian(token: place.token), toxiproxy: ToxiproxyAPI(live), own: OwnAPI(live),
                metrics: MetricsPage(live, version: version), instance: live.instance),
            server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname(place.host, port: place.port), serverName: "faultline", backlog: 1024),
            onServerRunning: { channel in
                let host = place.host.contains(":") ? "[\(place.host)]" : place.host
                await onReady("\(host):\(channel.localAddress?.port ?? place.port)")
            },
            eventLoopGroupProvider: .shared(thread.group), logger: logger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw LinkError(
                link: "*",
                what: "the control API cannot listen on \(place.host):\(place.port): "
                    + String(cString: strerror(error.errnoCode)),
                mend: "choose another address with --api, or '--api off' for none")
        }
    }
}

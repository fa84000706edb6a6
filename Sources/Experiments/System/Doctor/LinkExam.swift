import Foundation
import Glibc
import Proxy
import Stores
import Wire

/// Opens each link by itself and goes through it to its upstream.
struct LinkExam: Sendable {
    let system: System
    let limit: Duration

    func checks() async -> [DoctorCheck] {
        await withTaskGroup(of: (Int, DoctorCheck).self) { group in
            for (index, link) in system.links.enumerated() {
                group.addTask { (index, await check(link)) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func check(_ link: LinkConfiguration) async -> DoctorCheck {
        let name = "link \(link.name)"
        if let worker = system.worker(listeningAt: link.upstream) {
            return DoctorCheck(
                name, .skipped, "the worker '\(worker)' is to listen at its upstream, once it is started")
        }
        let mend = "see whether \(link.upstream) is the right upstream, up, and reachable from this machine"
        return await DoctorCheck.of(name, within: limit, mend: mend) {
            let history = "\(NSTemporaryDirectory())faultline-doctor-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: history) }
            let control = try LocalLinks(historyPath: history)
            do {
                let address = try await control.open([link])[link.name]?.first ?? ""
                let check = try await go(through: address, link, control, history)
                await control.close()
                return check
            } catch {
                await control.close()
                if let error = error as? LinkError { return DoctorCheck(name, .failed, error.what, mend: error.mend) }
                throw error
            }
        }
    }

    private func go(
        through address: String, _ link: LinkConfiguration, _ control: LocalLinks, _ history: String
    ) async throws -> DoctorCheck {
        let name = "link \(link.name)"
        let knock = try Knock(address)
        defer { knock.close() }
        // The history tells when the upstream, TLS included, is reached or not; nothing else does on every protocol.
        while true {
            try Task.checkCancellation()
            _ = try await control.flushHistory()
            var reached: WireEvent?
            try WireHistory.forEach(in: history) { event in
                if event.kind == .opened || event.kind == .unreachable { reached = reached ?? event }
            }
            if let reached, reached.kind == .unreachable { return unreachable(link, reached.key) }
            if reached != nil { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        let way = "\(link.listenWords) leads to \(link.upstream)"
        guard link.linkProtocol == .http else { return DoctorCheck(name, .ok, way) }
        let answer = try await HTTPClient(timeouts: Timeouts(connect: limit, call: limit)).send(
            HTTPRequest(service: link.name, operation: "GET", method: "GET", url: "http://\(address)/"))
        return DoctorCheck(name, .ok, "\(way), which answers (status \(answer.status))")
    }

    private func unreachable(_ link: LinkConfiguration, _ reason: String) -> DoctorCheck {
        let isTLS = reason.hasPrefix("tls: ")
        return DoctorCheck(
            "link \(link.name)", .failed,
            "\(link.upstream) cannot be reached" + (reason.isEmpty ? "" : ": \(reason)"),
            mend: isTLS
                ? "see whether the certificate is for that name; name its authority with 'ca: FILE' if it is your own"
                : "start the service, or write where it is as 'upstream'")
    }
}

/// A connection that says nothing.
private struct Knock: ~Copyable {
    private let descriptor: Int32

    /// - Parameter address: of a link: `HOST:PORT` or `unix:PATH`, on this machine.
    init(_ address: String) throws {
        guard let descriptor = address.hasPrefix("unix:") ? Self.unix(String(address.dropFirst(5))) : Self.inet(address)
        else {
            throw RunError(what: "the link at \(address) takes no connection", mend: "see whether its address is free")
        }
        self.descriptor = descriptor
    }

    func close() { _ = Glibc.close(descriptor) }

    private static func inet(_ address: String) -> Int32? {
        guard let colon = address.lastIndex(of: ":") else { return nil }
        let host = address[..<colon].filter { !"[]".contains($0) }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(address[address.index(after: colon)...]), &hints, &found) == 0, let first = found
        else { return nil }
        defer { freeaddrinfo(found) }
        return connected(first.pointee.ai_family) { connect($0, first.pointee.ai_addr, first.pointee.ai_addrlen) }
    }

    private static func unix(_ path: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connected(AF_UNIX) { connect($0, address, socklen_t(MemoryLayout<sockaddr_un>.size)) }
            }
        }
    }

    private static func connected(_ family: Int32, _ connect: (Int32) -> Int32) -> Int32? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard connect(descriptor) == 0 else {
            _ = Glibc.close(descriptor)
            return nil
        }
        return descriptor
    }
}

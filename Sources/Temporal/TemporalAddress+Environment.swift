import Glibc

extension TemporalAddress {
    /// A variable that says something impossible.
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    /// Reads the names that Temporal's own tools read: `TEMPORAL_ADDRESS` (or `TEMPORAL_HOST` and `TEMPORAL_PORT`),
    /// `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS`, `TEMPORAL_TLS_SERVER_CA_CERT_PATH`, `TEMPORAL_TLS_CLIENT_CERT_PATH`,
    /// `TEMPORAL_TLS_CLIENT_KEY_PATH` and `TEMPORAL_TLS_SERVER_NAME`. An API key or a certificate turns TLS on.
    ///
    /// - Throws: `Malformed`, naming the variable.
    package static func fromEnvironment(
        _ environment: [String: String]
    ) throws(Malformed) -> TemporalAddress {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let host = value("TEMPORAL_HOST") ?? "127.0.0.1"
        let text = value("TEMPORAL_ADDRESS") ?? "\(host):\(value("TEMPORAL_PORT") ?? "7233")"
        guard var address = TemporalAddress(text, namespace: value("TEMPORAL_NAMESPACE") ?? "default") else {
            let names = value("TEMPORAL_ADDRESS") == nil ? "TEMPORAL_HOST and TEMPORAL_PORT are" : "TEMPORAL_ADDRESS is"
            throw Malformed(description: "\(names) '\(text)'; it must be HOST:PORT")
        }
        address.apiKey = value("TEMPORAL_API_KEY")
        address.serverName = value("TEMPORAL_TLS_SERVER_NAME")
        for name in ["SERVER_CA_CERT", "CLIENT_CERT", "CLIENT_KEY"].map({ "TEMPORAL_TLS_\($0)_PATH" }) {
            guard let path = value(name), access(path, R_OK) != 0 else { continue }
            throw Malformed(description: "\(name) is '\(path)', which cannot be read; it must be a file in PEM")
        }
        let trust = value("TEMPORAL_TLS_SERVER_CA_CERT_PATH").map { [$0] } ?? []
        var identity: Identity?
        switch (value("TEMPORAL_TLS_CLIENT_CERT_PATH"), value("TEMPORAL_TLS_CLIENT_KEY_PATH")) {
        case (let certificate?, let key?): identity = Identity(certificate: certificate, key: key)
        case (nil, nil): break
        default:
            throw Malformed(
                description: """
                    of TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH one is missing; a client shows \
                    both or none
                    """)
        }
        let isWanted = value("TEMPORAL_TLS").map { ["true", "1", "yes", "on"].contains($0.lowercased()) }
        if isWanted ?? (address.apiKey != nil || identity != nil || !trust.isEmpty) {
            address.security = .tls(trust: trust, identity: identity)
        }
        guard !address.lacksServerName else {
            throw Malformed(
                description:
                    "\(text) is no name that a certificate is for; set TEMPORAL_TLS_SERVER_NAME to the server's name")
        }
        return address
    }
}

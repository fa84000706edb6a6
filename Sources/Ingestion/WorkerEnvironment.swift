import Stores

extension WorkerConfiguration {
    /// Reads the names that the first users' worker reads. Without a variable its service is looked for at its usual port
    /// of this machine.
    ///
    /// - Throws: `Configuration`, naming the variable.
    package static func fromEnvironment(_ environment: [String: String]) throws -> WorkerConfiguration {
        let variables = Variables(values: environment)
        var configuration = WorkerConfiguration(
            endpoints: try variables.endpoints(), bucket: variables["APEX_DOCUMENTS_BUCKET"] ?? "apex-documents")
        if let region = variables["AWS_DEFAULT_REGION"] { configuration.region = region }
        if let key = variables["OPENAI_API_KEY"] { configuration.openAIKey = key }
        if let model = variables["EMBEDDING_MODEL"] { configuration.model = model }
        configuration.qdrantKey = variables["QDRANT_API_KEY"]
        if let folder = variables["STAGING_BASE_DIR"] ?? variables["TMPDIR"] { configuration.temporaryFolder = folder }
        if let most = try variables.number("TEMPORAL_MAX_ACTIVITIES") { configuration.concurrency = most }
        if let most = try variables.number("POSTGRES_MAX_POOL_SIZE") { configuration.connections = most }
        return configuration
    }
}

/// Environment variables; an empty one counts as missing.
private struct Variables {
    var values: [String: String]

    subscript(name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number, at least 1.
    func number(_ name: String) throws -> Int? {
        guard let value = self[name] else { return nil }
        guard let number = Int(value), number >= 1 else {
            throw IngestionError(.configuration, "\(name) is '\(value)'; it must be a whole number from 1")
        }
        return number
    }

    func endpoints() throws -> Endpoints {
        Endpoints(
            postgres: address(
                "postgresql", "POSTGRES", port: try number("POSTGRES_PORT") ?? 5432,
                user: self["POSTGRES_USER"] ?? "app",
                password: self["POSTGRES_PASSWORD"], path: self["POSTGRES_DB"] ?? "app"),
            neo4j: try neo4j(),
            qdrant: address("http", "QDRANT", port: try number("QDRANT_PORT") ?? 6333),
            redis: address(
                "redis", "REDIS", port: try number("REDIS_PORT") ?? 6379, password: self["REDIS_PASSWORD"],
                path: self["REDIS_DB"] ?? "0"),
            s3: withKeys(self["S3_ENDPOINT_URL"] ?? "http://127.0.0.1:4566"),
            openai: self["OPENAI_BASE_URL"] ?? "http://127.0.0.1:8081/v1",
            temporal: self["TEMPORAL_HOST"].map { "\($0):\(self["TEMPORAL_PORT"] ?? "7233")" })
    }

    private func address(
        _ scheme: String, _ prefix: String, port: Int, user: String? = nil, password: String? = nil, path: String = ""
    ) -> String {
        let host = self["\(prefix)_HOST"] ?? "127.0.0.1"
        return "\(scheme)://\(credentials(user: user, password: password))\(host):\(port)"
            + (path.isEmpty ? "" : "/\(path)")
    }

    /// User and password go into the URI, the database into its path.
    private func neo4j() throws -> String {
        let uri = self["NEO4J_URI"] ?? "bolt://127.0.0.1:7687"
        guard let border = uri.firstRange(of: "://") else {
            throw IngestionError(.configuration, "NEO4J_URI is '\(uri)'; it must look like bolt://host:port")
        }
        let given = credentials(user: self["NEO4J_USER"] ?? "neo4j", password: self["NEO4J_PASSWORD"])
        return uri[..<border.upperBound] + given + uri[border.upperBound...] + "/\(self["NEO4J_DATABASE"] ?? "neo4j")"
    }

    private func withKeys(_ url: String) -> String {
        guard let access = self["AWS_ACCESS_KEY_ID"], let secret = self["AWS_SECRET_ACCESS_KEY"],
            let border = url.firstRange(of: "://"), !url.contains("@")
        else { return url }
        return url[..<border.upperBound] + credentials(user: access, password: secret) + url[border.upperBound...]
    }

    private func credentials(user: String?, password: String?) -> String {
        switch (user, password) {
        case (nil, nil): ""
        case (let user?, nil): encoded(user) + "@"
        case (let user, let password?): encoded(user ?? "") + ":" + encoded(password) + "@"
        }
    }

    /// Percent-encoded as RFC 3986 wants user information.
    private func encoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            if byte.isASCIILetter || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte) {
                output.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                output += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return output
    }
}

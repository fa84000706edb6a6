import Consistency
import Faults
import Foundation
import Proxy
import Temporal
import Wire

extension TemporalSpec {
    /// What the kinds may have in common.
    fileprivate struct Common: Sendable {
        var taskQueue: String?
        var id: String?
        var result: ResultRule?
        var rolledBack: Set<Close>?
        var idQuery: String?
        var timeout: Duration?

        init(spec: inout Spec) throws(SpecError) {
            let text = SpecType<String>.template("a text", example: "{submission}", known: SubmissionWord.names)
            taskQueue = try spec.optional("task-queue", text)
            id = try spec.optional("id", text)
            result = try spec.optional("result", .mapping(ResultRule.init(spec:)))
            let closes = try spec.optional(
                "closes",
                .mapping { spec throws(SpecError) in try spec.required("rolled-back", .list(of: .choice)) as [Close] })
            rolledBack = closes.map { Set($0) }
            idQuery = try spec.optional("id-query", .name)
            timeout = try spec.optional("timeout", .durationAboveZero)
        }
    }

    /// Reads `temporal:`.
    /// - Parameter links: all of the file's; the server is where the link to it leads unless the section says otherwise.
    init(spec: inout Spec, links: [LinkConfiguration]) throws(SpecError) {
        let address = try spec.optional("address", .upstream("127.0.0.1:7233", schemes: []))
        if let address, address.hasPrefix("unix:") {
            throw spec.error("address", "is no HOST:PORT: '\(address)'", mend: "write one such as 127.0.0.1:7233")
        }
        let namespace = try spec.optional("namespace", .name) ?? "default"
        let tls = try spec.optional("tls", .security) ?? TLSSection(security: .plaintext)
        let key = try spec.optional("api-key", .name)
        let webUI = try spec.optional(
            "web-ui",
            .scalar("a URL", example: "http://127.0.0.1:8233") { text in
                text.wholeMatch(of: /https?:\/\/[^\s]+/) != nil ? text : nil
            })
        let common = try Common(spec: &spec)
        self.init(
            address: address ?? links.first { $0.service == .temporal }?.upstream ?? NativeAddress.word,
            namespace: namespace, security: tls.security, apiKey: key, webUI: webUI,
            courses: try Submission.Kind.sections(&spec) { spec throws(SpecError) in
                try Course(spec: &spec, common: common)
            })
        serverName = tls.serverName
        if self.address == NativeAddress.word, security != .plaintext {
            throw spec.error(
                "tls", "is not spoken by the native stack's server",
                mend: "leave it out, or write where yours is as 'address'")
        }
        if server?.lacksServerName == true {
            throw spec.error(
                "tls", "does not say whom the certificate is for, and \(self.address) is no name",
                mend: "write 'tls: { server-name: NAME }'")
        }
    }
}

/// What `tls:` says.
private struct TLSSection: Sendable {
    var security: TemporalAddress.Security
    var serverName: String?
}

extension TemporalSpec.Course {
    fileprivate init(spec: inout Spec, common: TemporalSpec.Common) throws(SpecError) {
        let own = try TemporalSpec.Common(spec: &spec)
        let workflow = try spec.required("workflow", .name)
        let arguments = try spec.optional("arguments", .list(of: .value(known: SubmissionWord.names))) ?? []
        guard let taskQueue = own.taskQueue ?? common.taskQueue else {
            throw spec.place.error("has no 'task-queue'", mend: "say which queue its workers poll")
        }
        guard let result = own.result ?? common.result else {
            throw spec.place.error(
                "has no 'result'", mend: "say what success looks like: result: { succeeded: { status: done } }")
        }
        self.init(
            workflow: workflow, taskQueue: taskQueue, id: own.id ?? common.id ?? TemporalSpec.idDefault,
            arguments: arguments, result: result, rolledBack: own.rolledBack ?? common.rolledBack ?? [],
            timeout: own.timeout ?? common.timeout ?? TemporalSpec.timeoutDefault)
        idQuery = own.idQuery ?? common.idQuery
    }
}

extension SpecType where Value == TLSSection {
    /// `true`, or where certificates are.
    fileprivate static var security: SpecType {
        SpecType(example: "true") { node, place throws(SpecError) in
            if case .scalar = node.content {
                return TLSSection(security: try SpecType<Bool>.bool.read(node, place) ? .tls() : .plaintext)
            }
            let mapping = SpecType.mapping { spec throws(SpecError) in
                let authorities = try spec.optional("ca", .readableFile)
                let certificate = try spec.optional("certificate", .readableFile)
                let key = try spec.optional("key", .readableFile)
                if (certificate == nil) != (key == nil) {
                    throw spec.place.error(
                        "has a certificate or a key alone", mend: "name both 'certificate' and 'key', or neither")
                }
                var identity: TemporalAddress.Identity?
                if let certificate, let key { identity = .init(certificate: certificate, key: key) }
                return TLSSection(
                    security: .tls(trust: authorities.map { [$0] } ?? [], identity: identity),
                    serverName: try spec.optional("server-name", .name))
            }
            return try mapping.read(node, place)
        }
    }
}

extension SpecType where Value == String {
    /// A path from the working folder.
    fileprivate static var readableFile: SpecType {
        .scalar("a readable file", example: "ca.pem", mend: "name a file in PEM") { path in
            FileManager.default.isReadableFile(atPath: path) ? path : nil
        }
    }
}

import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Stack
import Stores
import SwiftProtobuf
import Temporal
import Testing

/// Our own `.proto` files hold a part of the service's; that part must be as the running server has it.
@Suite struct ProtocolTests {
    private struct Field: Hashable, CustomStringConvertible {
        var name: String
        var number: Int32
        var type: String
        var isRepeated: Bool
        var description: String { "\(isRepeated ? "repeated " : "")\(type) \(name) = \(number)" }
    }

    @Test func everyMessageFieldEnumAndMethodIsTheServers() async throws {
        let data = try Data(
            contentsOf: URL(fileURLWithPath: "\(#filePath)/../Reflection/temporal.protoset").standardized)
        let own = try Google_Protobuf_FileDescriptorSet(serializedBytes: Array(data)).file
            .filter { $0.package.hasPrefix("temporal.") }
        let server = try await Self.reflected(of: own.map(\.package))
        let theirs = Self.fields(of: server)
        let ours = Self.fields(of: own)
        #expect(ours.count > 100)
        for (message, fields) in ours.sorted(by: { $0.key < $1.key }) {
            let known = try #require(theirs[message], "the server has no \(message)")
            #expect(fields.subtracting(known) == [], "\(message)")
        }
        let theirValues = Self.values(of: server)
        for (name, values) in Self.values(of: own) {
            #expect(values.subtracting(theirValues[name] ?? []) == [], "\(name)")
        }
        let methods = Set(
            server.flatMap(\.service).flatMap(\.method).map { "\($0.name) \($0.inputType) \($0.outputType)" })
        let ownMethods = own.flatMap(\.service).flatMap(\.method)
        #expect(ownMethods.count > 20)
        for method in ownMethods {
            #expect(methods.contains("\(method.name) \(method.inputType) \(method.outputType)"), "\(method.name)")
        }
    }

    /// By the message's full name. What lies inside a map is a message of its own here.
    private static func fields(of files: [Google_Protobuf_FileDescriptorProto]) -> [String: Set<Field>] {
        var found: [String: Set<Field>] = [:]
        func add(_ message: Google_Protobuf_DescriptorProto, in scope: String) {
            let name = "\(scope).\(message.name)"
            found[name] = Set(
                message.field.map { field in
                    let type = field.typeName.isEmpty ? "\(field.type)" : field.typeName
                    return Field(
                        name: field.name, number: field.number, type: type, isRepeated: field.label == .repeated)
                })
            for nested in message.nestedType { add(nested, in: name) }
        }
        for file in files { for message in file.messageType { add(message, in: file.package) } }
        return found
    }

    private static func values(of files: [Google_Protobuf_FileDescriptorProto]) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for file in files {
            for entry in file.enumType {
                found["\(file.package).\(entry.name)"] = Set(entry.value.map { "\($0.name) = \($0.number)" })
            }
        }
        return found
    }

    /// The files of the workflow service, and all that they import.
    private static func reflected(of packages: [String]) async throws -> [Google_Protobuf_FileDescriptorProto] {
        let text = try #require(try NativeStack.current().endpoints.temporal)
        let address = try #require(TemporalAddress(text))
        let transport = try HTTP2ClientTransport.Posix(
            target: .ipv4(address: address.host, port: address.port), transportSecurity: .plaintext)
        return try await withGRPCClient(transport: transport) { client in
            let reflection = Grpc_Reflection_V1_ServerReflection.Client(wrapping: client)
            let request = StreamingClientRequest<Grpc_Reflection_V1_ServerReflectionRequest> { writer in
                var ask = Grpc_Reflection_V1_ServerReflectionRequest()
                ask.fileContainingSymbol = "temporal.api.workflowservice.v1.WorkflowService"
                try await writer.write(ask)
            }
            return try await reflection.serverReflectionInfo(request: request) { response in
                var files: [Google_Protobuf_FileDescriptorProto] = []
                for try await message in response.messages {
                    for bytes in message.fileDescriptorResponse.fileDescriptorProto {
                        files.append(try Google_Protobuf_FileDescriptorProto(serializedBytes: Array(bytes)))
                    }
                }
                return files
            }
        }
    }
}

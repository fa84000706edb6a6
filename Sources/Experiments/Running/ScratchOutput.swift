import Foundation
import SystemPackage

/// A file without a name that a process writes to. Unlike a pipe it needs no reader, and ends with the process that
/// it was for, whoever else has it open.
final class ScratchOutput: Sendable {
    private static let tailMax = 64 << 10
    let descriptor: FileDescriptor

    init() throws {
        let path = "\(NSTemporaryDirectory())faultline-output-\(UUID().uuidString)"
        descriptor = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec, .append],
            permissions: [.ownerRead, .ownerWrite])
        unlink(path)
    }

    deinit { try? descriptor.close() }

    /// The end of what was written.
    var tail: String {
        guard let size = try? descriptor.seek(offset: 0, from: .end) else { return "" }
        let start = max(0, size - Int64(Self.tailMax))
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(size - start)) { buffer, count in
            count = (try? descriptor.read(fromAbsoluteOffset: start, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

internal import Glibc

/// The body of a request while it is sent, from memory or from a file.
final class Upload {
    let length: Int
    private var bytes: [UInt8] = []
    private var file: UnsafeMutablePointer<FILE>?
    private var position = 0

    /// libcurl has taken all of it, at least once.
    private(set) var isHandedOver: Bool

    /// nil for a request without a body.
    init?(_ request: HTTPRequest) throws(StoreError) {
        switch request.body {
        case .none:
            return nil
        case .bytes(let bytes):
            self.bytes = bytes
            length = bytes.count
            isHandedOver = bytes.isEmpty
        case .file(let path):
            var status = stat()
            guard let file = fopen(path, "re"), fstat(fileno(file), &status) == 0 else {
                throw request.failure(
                    .unusable("reading \(path): \(String(cString: strerror(errno)))"), outcome: .definite)
            }
            self.file = file
            length = Int(status.st_size)
            isHandedOver = status.st_size == 0
        }
    }

    deinit {
        if let file { fclose(file) }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Interruption) -> Int {
        let wanted = min(buffer.count, length - position)
        guard wanted > 0 else { return 0 }
        if let file {
            guard fread(buffer.baseAddress, 1, wanted, file) == wanted else {
                throw .unusable("the file to upload became shorter while it was read")
            }
        } else {
            bytes[position..<position + wanted].withUnsafeBytes { buffer.copyMemory(from: $0) }
        }
        position += wanted
        if position == length { isHandedOver = true }
        return wanted
    }

    func seek(to offset: Int) -> Bool {
        guard offset <= length, file.map({ fseek($0, offset, SEEK_SET) == 0 }) ?? true else { return false }
        position = offset
        return true
    }
}

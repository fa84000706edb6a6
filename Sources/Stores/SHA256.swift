internal import CSSL

/// SHA-256 over libcrypto, in lower-case hex.
package enum SHA256 {
    package static func hex(_ text: String) -> String {
        hex(Array(text.utf8))
    }

    package static func hex(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { hex($0) }
    }

    package static func hex(_ bytes: UnsafeRawBufferPointer) -> String {
        Hex.string(Digest.bytes(of: bytes, EVP_sha256()))
    }
}

/// One-shot digests of libcrypto.
enum Digest {
    static func bytes(of input: UnsafeRawBufferPointer, _ algorithm: OpaquePointer) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        let done = EVP_Digest(input.baseAddress, input.count, &output, &length, algorithm, nil)
        precondition(done == 1, "libcrypto has no such digest")
        return Array(output.prefix(Int(length)))
    }

    static func md5(_ input: [UInt8]) -> [UInt8] {
        input.withUnsafeBytes { bytes(of: $0, EVP_md5()) }
    }

    static func sha1(_ input: [UInt8]) -> [UInt8] {
        input.withUnsafeBytes { bytes(of: $0, EVP_sha1()) }
    }
}

enum Hex {
    static func string(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

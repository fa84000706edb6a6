import Foundation
import Hummingbird

/// The answer to `POST /v1/embeddings`, written straight into the bytes that are sent: vectors are far too long for an encoder.
struct EmbeddingsResponse {
    let request: EmbeddingsRequest

    var body: ByteBuffer {
        var buffer = ByteBuffer()
        let bytesPerNumber = request.encoding == .float ? JSONFloat.bytesMax : 6
        buffer.reserveCapacity(request.inputs.count * (request.dimensions * bytesPerNumber + 64) + 256)
        buffer.writeString(#"{"object":"list","data":["#)
        for (index, input) in request.inputs.enumerated() {
            buffer.writeString((index > 0 ? "," : "") + #"{"object":"embedding","index":\#(index),"embedding":"#)
            let vector = EmbeddingVector.of(input.seed, dimensions: request.dimensions, model: request.model.id)
            switch request.encoding {
            case .float: write(vector, to: &buffer)
            case .base64: buffer.writeString("\"\(Self.base64(vector))\"")
            }
            buffer.writeString("}")
        }
        buffer.writeString(
            #"],"model":"\#(request.model.id)","usage":{"prompt_tokens":\#(request.tokens),"total_tokens":\#(request.tokens)}}"#
        )
        return buffer
    }

    private func write(_ vector: [Float], to buffer: inout ByteBuffer) {
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: vector.count * JSONFloat.bytesMax + 2) { target in
            var end = 0
            for (index, number) in vector.enumerated() {
                target[end] = index == 0 ? UInt8(ascii: "[") : UInt8(ascii: ",")
                end = JSONFloat.write(number, to: target, at: end + 1)
            }
            target[end] = UInt8(ascii: "]")
            return end + 1
        }
    }

    /// Little-endian `Float32`, as the real API sends.
    private static func base64(_ vector: [Float]) -> String {
        let bits = vector.map(\.bitPattern.littleEndian)
        return bits.withUnsafeBytes { Data($0) }.base64EncodedString()
    }
}

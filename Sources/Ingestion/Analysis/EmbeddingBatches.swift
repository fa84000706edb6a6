/// Groups inputs into requests to the embeddings API.
package struct EmbeddingBatches: Sendable {
    /// The API's own limit is 2,048; smaller batches make a lost answer cheaper.
    package var inputsMax: Int
    /// Bytes of all inputs of a request together.
    package var bytesMax: Int

    package init(inputsMax: Int = 128, bytesMax: Int = 128 << 10) {
        precondition(inputsMax >= 1 && bytesMax >= 1)
        self.inputsMax = inputsMax
        self.bytesMax = bytesMax
    }

    /// Ranges that cover all inputs in order. An input above the limit is a batch by itself.
    package func batches(sizes: [Int]) -> [Range<Int>] {
        var batches: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, size) in sizes.enumerated() {
            if index > start, index - start == inputsMax || bytes + size > bytesMax {
                batches.append(start..<index)
                start = index
                bytes = 0
            }
            bytes += size
        }
        if start < sizes.count { batches.append(start..<sizes.count) }
        return batches
    }
}

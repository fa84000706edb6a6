import Ingestion
import Testing

struct EmbeddingBatchesTests {
    @Test func limitsHold() {
        let batches = EmbeddingBatches(inputsMax: 4, bytesMax: 100)
        #expect(batches.batches(sizes: []) == [])
        #expect(batches.batches(sizes: [1, 1, 1, 1, 1]) == [0..<4, 4..<5])
        #expect(batches.batches(sizes: [60, 40, 1, 500, 99, 2]) == [0..<2, 2..<3, 3..<4, 4..<5, 5..<6])
    }
}

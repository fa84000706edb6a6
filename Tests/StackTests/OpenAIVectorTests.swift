import Stack
import Testing

struct OpenAIVectorTests {
    @Test func isTheSameEverywhere() {
        // Written down once: stores keep vectors, so a change of the formula would make them all wrong.
        let digits = EmbeddingVector.of("faultline", dimensions: 4).map { Int(($0 * 1_000_000).rounded()) }
        #expect(digits == [777_021, -341_818, -310_007, -428_128])
    }

    @Test(arguments: [1, 2, 256, 1536, 3072])
    func hasUnitLength(dimensions: Int) {
        let vector = EmbeddingVector.of("some text", dimensions: dimensions)
        #expect(vector.count == dimensions)
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        #expect(abs(length - 1) < 1e-6)
    }

    @Test func fewerDimensionsAreTheBeginningOfMore() {
        let long = EmbeddingVector.of("some text", dimensions: 1536)
        let short = EmbeddingVector.of("some text", dimensions: 256)
        let scale = long[0] / short[0]
        #expect(zip(short, long).allSatisfy { abs($0 * scale - $1) < 1e-6 })
    }

    @Test func twoTextsAndTwoModelsDiffer() {
        let vectors = [
            EmbeddingVector.of("a"), EmbeddingVector.of("b"), EmbeddingVector.of("a "), EmbeddingVector.of("ab"),
            EmbeddingVector.of("a", model: "text-embedding-ada-002"),
        ]
        for (index, left) in vectors.enumerated() {
            for right in vectors[(index + 1)...] {
                let similarity = zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(similarity) < 0.2)
            }
        }
    }
}

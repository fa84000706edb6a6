import Stores
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        (#"{"a":[1,-2,2.5,1e3,true,false,null],"b":{}}"#, true),
        (#""\u00e9\ud83c\udf89\n\/""#, true),
        (" [ ] ", true),
        ("[1,]", false), ("{\"a\" 1}", false), ("[1", false), ("\"open", false), ("tru", false), ("1 2", false),
        ("", false), ("\"\u{1}\"", false), (#""\x""#, false), (#""\ud83cx""#, true), ("--1", false),
    ]) func whatIsReadAndWhatIsNot(_ text: String, _ isJSON: Bool) {
        #expect((JSON(Array(text.utf8)) != nil) == isJSON)
    }

    @Test func valuesSurvive() {
        let value: JSON = [
            "text": "é \"quoted\" \\ \n\u{1} 🎉", "int": .int(.max), "double": .double(0.1), "list": [1, [], .null],
            "flag": false,
        ]
        #expect(JSON(value.bytes) == value)
    }

    @Test func vectorsKeepEveryBit() throws {
        let vector: [Float] = [0.1, -1 / 3, 1e-20, 3.4e38, 5]
        let numbers = try #require(JSON(JSON.floats(vector).bytes)?.array)
        let read = numbers.map { number -> Float in
            switch number {
            case .double(let value): Float(value)
            case .int(let value): Float(value)
            default: .nan
            }
        }
        #expect(read == vector)
    }

    @Test func nestingIsBounded() {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(JSON(Array(deep.utf8)) == nil)
    }

    @Test func everyTruncationIsFound() {
        let whole = Array(#"{"a":[1,"x\u00e9",{"b":null}],"c":true}"#.utf8)
        for count in 0..<whole.count { #expect(JSON(Array(whole[..<count])) == nil) }
    }
}

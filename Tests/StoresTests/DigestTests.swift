import Stores
import Testing

@Suite struct DigestTests {
    /// FIPS 180-2, appendix B.
    @Test func sha256() {
        #expect(SHA256.hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(SHA256.hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    /// RFC 9562, appendix A.4, and Python's `uuid.uuid5(uuid.NAMESPACE_URL, "d:0")`.
    @Test func uuid5() {
        let dns: [UInt8] = [
            0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
        ]
        #expect(UUIDv5.string("www.example.com", namespace: dns) == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
        #expect(UUIDv5.string("d:0") == "849aaacb-f88a-593f-b41b-8214b5a4e5d5")
    }
}

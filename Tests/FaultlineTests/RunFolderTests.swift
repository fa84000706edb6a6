import Foundation
import Reports
import Testing

@Suite struct RunFolderTests {
    @Test func foldersOfOneSecondAreApartAndLatestFollows() throws {
        let parent = NSTemporaryDirectory() + "faultline-runs-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let now = Date()
        let first = try RunFolder(in: parent, experiment: "e", at: now)
        try first.becomeLatest()
        let second = try RunFolder(in: parent, experiment: "e", at: now)
        #expect(second.path == first.path + "-2")
        let latest = parent + "/latest"
        let name = { (path: String) in (path as NSString).lastPathComponent }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: latest) == name(first.path))
        try second.becomeLatest()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: latest) == name(second.path))
        #expect(name(first.path).wholeMatch(of: /[0-9]{8}-[0-9]{6}-e/) != nil)
    }
}

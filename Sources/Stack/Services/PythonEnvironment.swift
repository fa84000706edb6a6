import Foundation

/// The virtual environment with the servers that come as Python packages.
struct PythonEnvironment: Sendable {
    let folder: String

    init(home: StackHome) {
        folder = home.python
    }

    var python: String { folder + "/bin/python" }

    /// The folder of an installed package.
    func package(_ name: String, service: String) throws -> String {
        let library = folder + "/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
        let places = versions.map { "\(library)/\($0)/site-packages/\(name)" }
        guard let place = places.first(where: FileManager.default.fileExists(atPath:)) else {
            throw StackError(
                service: service, what: "the Python package \(name) is missing from \(folder)",
                remedy: "run compose/native/setup.sh")
        }
        return place
    }
}

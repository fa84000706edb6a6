import Subprocess

/// The text of a PDF file, by `pdftotext` of Poppler.
struct PDFText {
    var program: String
    var timeout: Duration

    /// More text than this is refused, so that a small file can't fill the memory.
    static let sizeMax = 64 << 20

    /// - Throws: `MissingTool`, `ParserTimeout`, or `MalformedDocument` with what the program printed.
    func extract(path: String) async throws -> String {
        let executable = Executable.name(program)
        do {
            let result = try await withTimeLimit(timeout, clock: ContinuousClock()) {
                let result = try await Subprocess.run(
                    executable, arguments: ["-enc", "UTF-8", "-eol", "unix", "-q", path, "-"],
                    output: .bytes(limit: Self.sizeMax), error: .string(limit: 64 << 10))
                // A program that was ended with its task says so by its signal only.
                if !result.terminationStatus.isSuccess { try Task.checkCancellation() }
                return result
            }
            guard result.terminationStatus.isSuccess else {
                let said = result.standardError.trimmed()
                throw IngestionError(.malformedDocument, "\(program) failed, \(result.terminationStatus): \(said)")
            }
            return TextRepair.decode(result.standardOutput)
        } catch is TimeLimitExceeded {
            throw IngestionError(.parserTimeout, "\(program) took longer than \(timeout)")
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw IngestionError(.missingTool, "no program '\(program)'; install poppler-utils to read PDF files")
        } catch let error as SubprocessError {
            throw IngestionError(.malformedDocument, "\(program): \(error)")
        }
    }
}

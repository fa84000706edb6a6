import Foundation
import Stack
import Subprocess
import SystemPackage
import Testing

/// The official Python client must find nothing strange.
struct OpenAIClientTests {
    /// Made by `make test` before the tests run.
    private static let python: String? = {
        let home = ProcessInfo.processInfo.environment["FAULTLINE_HOME"] ?? ".faultline"
        let path = home + "/python/bin/python"
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    private static let script = """
        import math, os, openai

        client = openai.OpenAI(base_url=os.environ["URL"] + "/v1", api_key="sk-test", max_retries=0)
        model = "text-embedding-3-small"

        one = client.embeddings.create(model=model, input="one text")
        assert len(one.data) == 1 and len(one.data[0].embedding) == 1536, one
        assert one.usage.total_tokens == 2, one.usage
        assert abs(math.fsum(x * x for x in one.data[0].embedding) - 1) < 1e-5

        many = client.embeddings.create(model=model, input=[f"text {n}" for n in range(128)])
        assert [d.index for d in many.data] == list(range(128))

        short = client.embeddings.create(model=model, input="one text", dimensions=256)
        assert len(short.data[0].embedding) == 256
        floats = client.embeddings.create(model=model, input="one text", encoding_format="float")
        assert all(abs(a - b) < 1e-9 for a, b in zip(floats.data[0].embedding, one.data[0].embedding))
        packed = client.embeddings.create(model=model, input="one text", encoding_format="base64")
        assert isinstance(packed.data[0].embedding, str)
        tokens = client.embeddings.create(model=model, input=[[1, 2], [3]])
        assert len(tokens.data) == 2 and tokens.usage.prompt_tokens == 3

        assert model in [m.id for m in client.models.list()]

        def refused(kind, code, **options):
            try:
                options.pop("client", client).embeddings.create(**options)
            except openai.APIStatusError as error:
                assert type(error) is kind, error
                assert error.code == code, error.code
                assert error.request_id.startswith("req_"), error.request_id
                return
            raise AssertionError(f"not refused: {options}")

        refused(openai.NotFoundError, "model_not_found", model="none", input="x")
        refused(openai.BadRequestError, "invalid_value", model=model, input="")
        refused(openai.AuthenticationError, "invalid_api_key", model=model, input="x",
                client=client.with_options(api_key="sk-invalid"))
        print("fine")
        """

    @Test(.enabled(if: python != nil, "there is no Python environment; run `make test`"))
    func theOfficialClientIsContent() async throws {
        let python = try #require(Self.python)
        let result = try await OpenAIServer.serving { server in
            try await run(
                .path(.init(python)), arguments: ["-c", Self.script],
                environment: .inherit.updating(["URL": server.url]),
                output: .string(limit: 65536), error: .string(limit: 65536))
        }
        #expect(result.standardError == "")
        #expect(result.standardOutput == "fine\n")
        #expect(result.terminationStatus.isSuccess)
    }
}

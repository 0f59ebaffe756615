using System.Text.Json;
using QualGent.Contracts;
using QualGent.Contracts.Json;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary>A project that no agent has on its disk travels with the submission, and genuine AppWright runs it.</summary>
[Trait("Category", "AppWright")]
public sealed class BundleTests : IDisposable
{
    private readonly DirectoryInfo _project = Directory.CreateTempSubdirectory("qualgent-project-");

    public BundleTests()
    {
        var sample = new DirectoryInfo(Path.Combine(Repository.Root, "samples/notes/workspace/tests/qualgent"));
        foreach (var name in (string[])["appwright.config.ts", "package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(sample.FullName, name), Path.Combine(_project.FullName, name));
        }

        _project.CreateSubdirectory("mine");
        File.Copy(Path.Combine(sample.FullName, "tests/notes.spec.ts"), Spec);
    }

    private string Spec => Path.Combine(_project.FullName, "mine/only-here.spec.ts");

    public void Dispose() => _project.Delete(recursive: true);

    [Fact]
    public async Task Submit_FromAFolderTheAgentDoesNotHave_RunsWhatTravelled_AndUploadsEqualContentOnce()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        await stack.StartWorkerAsync("phone", ct, virtualDevices: 1);

        var (first, said) = await SubmitAsync(stack, 0, ct);
        Assert.Equal(JobStatus.Passed, first.Status);
        Assert.Matches("Bundle [0-9a-f]{12}: 4 files, 0.[0-9] MB, uploaded.", said);
        Assert.Matches("^[0-9a-f]{64}$", first.Bundle);

        File.SetLastWriteTimeUtc(Spec, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        (var second, said) = await SubmitAsync(stack, 0, ct);
        Assert.Equal((JobStatus.Passed, first.Bundle), (second.Status, second.Bundle));
        Assert.Contains("already there", said, StringComparison.Ordinal);

        await File.AppendAllTextAsync(Spec, "\ntest(\"is new\", async () => expect(1).toBe(2));\n", ct);
        (var changed, said) = await SubmitAsync(stack, 1, ct, "--attempts=1");
        Assert.Equal((JobStatus.Failed, VerdictCodes.Assertion), (changed.Status, changed.Code));
        Assert.NotEqual(first.Bundle, changed.Bundle);
        Assert.Contains("uploaded", said, StringComparison.Ordinal);

        (var without, said) = await SubmitAsync(stack, 1, ct, "--no-bundle");
        Assert.Equal((JobStatus.Failed, VerdictCodes.NotFound, null), (without.Status, without.Code, without.Bundle));
        Assert.DoesNotContain("Bundle", said[..said.IndexOf('{', StringComparison.Ordinal)], StringComparison.Ordinal);
        await stack.EndAsync(ct);
    }

    private async Task<(JobView Job, string Said)> SubmitAsync(Stack stack, int exitCode, CancellationToken ct, params string[] more)
    {
        var (code, output) = await stack.RunQgjobAsync(
            ct, ["submit", "--org-id=qualgent", "--app-version-id=notes-1.0.0", "--project-dir=" + _project.FullName, "--test=mine/only-here.spec.ts", "--wait", "--json", .. more]);
        Assert.True(code == exitCode, output);
        using var document = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        return (Assert.Single(document.RootElement.GetProperty("jobs").Deserialize(ContractsJson.Default.IReadOnlyListJobView)!), output);
    }
}

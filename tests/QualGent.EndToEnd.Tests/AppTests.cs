using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary>A build that no agent has on its disk is uploaded, and genuine AppWright installs it.</summary>
[Trait("Category", "AppWright")]
public sealed class AppTests
{
    [Fact]
    public async Task Submit_ForAnUploadedBuild_InstallsThatFile()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var stack = await Stack.StartAsync(ct);
        await stack.StartWorkerAsync("phone", ct, virtualDevices: 1);
        var apk = Path.Combine(Repository.Root, "samples/notes/workspace/apps/qualgent/notes-1.1.0.apk");
        string[] submit = ["submit", "--org-id=qualgent", "--app-version-id=uploaded", "--test=tests/notes.spec.ts", "--attempts=1", "--wait"];

        var (before, missing) = await stack.RunQgjobAsync(ct, submit);
        var (uploaded, said) = await stack.RunQgjobAsync(ct, "app", "upload", apk, "--org-id=qualgent", "--app-version-id=uploaded");
        var (after, outcome) = await stack.RunQgjobAsync(ct, submit);

        Assert.Equal(1, before);
        Assert.Contains("qgjob app upload", missing, StringComparison.Ordinal);
        Assert.True(uploaded == 0, said);
        Assert.True(after == 0, outcome);
        await stack.EndAsync(ct);
    }
}

using System.Diagnostics;
using QualGent.Testing;

namespace QualGent.AppHost.Tests;

/// <summary>The stand-in host cannot publish, and says so; compiled in the restricted feed only (<c>PublishTests</c> is its counterpart).</summary>
public sealed class PublishRefusalTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("qualgent-publish-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("--publisher", "manifest")]
    [InlineData("--operation", "publish")]
    public async Task Publish_WithStandIns_IsRefusedInOneLineAndStartsNothing(params string[] how)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "QualGent.AppHost.dll"), .. how, "--output-path", _data.FullName, $"--DataDir={_data.FullName}"];
        using var host = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = host.StandardError.ReadToEndAsync(Ct);
        var output = await host.StandardOutput.ReadToEndAsync(Ct);
        await host.WaitForExitAsync(Ct).WaitAsync(Eventually.Budget, TimeProvider.System, Ct);

        Assert.Equal((1, ""), (host.ExitCode, output));
        Assert.Matches("^Publishing needs Aspire's own packages; .*$", (await error).TrimEnd()); // one line: no stack trace
        Assert.Empty(_data.EnumerateFileSystemInfos());
    }
}

using System.Diagnostics;
using System.Runtime.Versioning;
using QualGent.Testing;

namespace QualGent.Build.Tests;

/// <summary>What <c>eng/lib/setup.sh</c> does on a machine without Node, where only the programs of one folder exist.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SetupScriptTests : IDisposable
{
    private static readonly string[] s_system = ["env", "sort", "tr"];
    private readonly DirectoryInfo _programs = Directory.CreateTempSubdirectory("qualgent-setup-");

    public SetupScriptTests()
    {
        foreach (var name in s_system)
        {
            File.CreateSymbolicLink(PathOf(name), Path.Combine("/usr/bin", name));
        }

        foreach (var name in (string[])["redis-server", "aapt", "setsid", "flock", "ps", "curl"])
        {
            Add(name, "exit 0");
        }

        Add("apt-get", $"echo \"$*\" >>'{Calls}'");
    }

    private string Calls => PathOf("calls");

    public void Dispose() => _programs.Delete(recursive: true);

    [Fact]
    public async Task RequirePackages_NeitherRootNorSudo_PrintsTheCommandAndEndsWithTwo()
    {
        Add("id", "echo 1000");
        var (exitCode, output) = await RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("sudo apt-get update && sudo apt-get install -y --no-install-recommends nodejs npm", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Calls));
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1000", true)]
    public async Task RequirePackages_RootOrSudo_InstallsWhatIsMissingAndNothingElse(string user, bool sudo)
    {
        Add("id", $"echo {user}");
        if (sudo)
        {
            Add("sudo", "shift; [ \"$1\" = true ] && exit; exec \"$@\""); // sudo -n …
        }

        var (exitCode, output) = await RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal(["update -qq", "install -y -qq --no-install-recommends nodejs npm"], await File.ReadAllLinesAsync(Calls, TestContext.Current.CancellationToken));
    }

    private string PathOf(string name) => Path.Combine(_programs.FullName, name);

    private void Add(string name, string script)
    {
        File.WriteAllText(PathOf(name), $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private async Task<(int ExitCode, string Output)> RunAsync()
    {
        var start = new ProcessStartInfo("/bin/bash", ["-euc", ". \"$ROOT/eng/lib/setup.sh\"; require_packages"]) { RedirectStandardError = true };
        start.Environment["ROOT"] = Repository.Root;
        start.Environment["PATH"] = _programs.FullName;
        using var process = Process.Start(start)!;
        var output = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}

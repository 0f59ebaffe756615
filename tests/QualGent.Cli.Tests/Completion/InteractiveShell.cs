using System.Diagnostics;
using System.Runtime.Versioning;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Completion;

/// <summary>
/// A shell on a pseudo terminal with the completion of qgjob, where somebody types. Its <c>qgjob</c> answers questions of the
/// completion and otherwise writes down what it is called with.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class InteractiveShell : IAsyncDisposable
{
    private readonly TempProject _home;
    private readonly Process _process;
    private int _calls;

    private InteractiveShell(TempProject home, Process process)
    {
        (_home, _process) = (home, process);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null); // or it would stop at a full pipe
    }

    public static IEnumerable<string> Installed(params IEnumerable<string> shells) =>
        shells.Where(shell => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, shell))));

    public static async Task<InteractiveShell> StartAsync(string shell)
    {
        var home = new TempProject("build.apk");
        home.Write("qgjob", $"""
            #!/bin/sh
            case $1 in
              complete) exec {CliProcess.Quoted} "$@" ;;
              completion) [ "$2" != {shell} ] || exec {CliProcess.Quoted} "$@" ;;
            esac
            echo "$*" >>'{home["calls"]}'

            """);
        File.SetUnixFileMode(home["qgjob"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        home.Write(".bashrc", "source <(qgjob completion bash)\n");
        home.Write(".zshrc", "autoload -Uz compinit && compinit -u\nsource <(qgjob completion zsh)\n");
        home.Write(".config/fish/config.fish", "qgjob completion fish | source\n");

        var start = new ProcessStartInfo("script", ["-qec", shell, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = home.Root };
        foreach (var (name, value) in ((string, string)[])[("HOME", home.Root), ("XDG_CONFIG_HOME", home[".config"]), ("XDG_DATA_HOME", home[".local"]), ("ZDOTDIR", home.Root), ("SHELL", "/bin/sh"), ("TERM", "xterm"), ("PATH", $"{home.Root}:{Environment.GetEnvironmentVariable("PATH")}")])
        {
            start.Environment[name] = value;
        }

        var session = new InteractiveShell(home, Process.Start(start)!);
        Assert.Equal("ready", await session.EnterAsync("qgjob ready\n")); // it has read its configuration
        return session;
    }

    /// <summary>Types a text, a tab and return.</summary>
    /// <returns>What the program was called with.</returns>
    public Task<string> TypeAsync(string text) => EnterAsync(text + "\t\n");

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _home.Dispose();
    }

    private async Task<string> EnterAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        _calls++;
        var calls = await Eventually.GetAsync(
            async () => File.Exists(_home["calls"]) ? await File.ReadAllLinesAsync(_home["calls"], TestContext.Current.CancellationToken) : [],
            calls => calls.Length == _calls,
            $"call {_calls}",
            TestContext.Current.CancellationToken);
        return calls[^1];
    }
}

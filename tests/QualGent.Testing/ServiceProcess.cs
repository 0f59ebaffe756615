using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace QualGent.Testing;

/// <summary>A real process of ours that a test can watch, freeze and kill. Everything it prints is kept.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private ServiceProcess(Process process) => _process = process;

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Exit code after the end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Both streams so far, line by line in the order they arrived.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts <c>dotnet assembly args</c> with an environment that holds nothing but what is needed and given.</summary>
    public static ServiceProcess StartDotNet(string assembly, IEnumerable<string> args, IReadOnlyDictionary<string, string> environment, string? workingDirectory = null) =>
        Start("dotnet", [assembly, .. args], environment, workingDirectory);

    /// <summary>Starts a program with an environment that holds nothing but what is needed and given.</summary>
    public static ServiceProcess Start(string program, IEnumerable<string> args, IReadOnlyDictionary<string, string> environment, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        var path = start.Environment["PATH"];
        var home = start.Environment["HOME"];
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = home;
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var service = new ServiceProcess(new Process { StartInfo = start });
        service._process.OutputDataReceived += (_, line) => service.Keep(line.Data);
        service._process.ErrorDataReceived += (_, line) => service.Keep(line.Data);
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        service._process.StandardInput.Close();
        return service;
    }

    /// <summary>Waits until <paramref name="url"/> answers with success; a process that ends first, or never does, fails the wait with its output.</summary>
    public async Task WaitHealthyAsync(Uri url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.GetAsync(AskAsync, answer => answer.IsSuccess, $"{url} answers with success", cancellationToken);

        async Task<(bool IsSuccess, string Seen)> AskAsync()
        {
            if (HasExited)
            {
                throw new InvalidOperationException($"Ended with {ExitCode} before {url} answered:\n{Output}");
            }

            try
            {
                using var response = await http.GetAsync(url, cancellationToken);
                return (response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}\n{Output}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return (false, $"{e.Message}\n{Output}");
            }
        }
    }

    /// <summary>Sends a signal by name: <c>TERM</c>, <c>INT</c>, <c>STOP</c>, <c>CONT</c>, <c>KILL</c>.</summary>
    public async Task SignalAsync(string name, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-s", name, Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Waits for the end and returns the exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromMinutes(5), TimeProvider.System, cancellationToken);
        return ExitCode;
    }

    /// <summary><c>kill -9</c> of this process alone, as an out-of-memory killer would, and waits until it is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        if (!HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}

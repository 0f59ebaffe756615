using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using QualGent.Worker.Processes;

namespace QualGent.Worker.Batches;

/// <summary>
/// The process that runs one batch. Talking to it never blocks: lines go through a queue, so that a supervisor that does
/// not listen cannot hold up a heartbeat. Closing its input is the life line: it then ends everything it started.
/// </summary>
public sealed class Supervisor : IAsyncDisposable
{
    private const int ComplaintLines = 20;
    private static readonly TimeSpan s_exitGrace = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly Channel<string> _toSay = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<SupervisorEvent> _heard = Channel.CreateUnbounded<SupervisorEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly TaskCompletionSource _complained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pumps;

    private Supervisor(Process process, TimeProvider time)
    {
        (_process, _time) = (process, time);
        _process.ErrorDataReceived += (_, line) => Complain(line.Data);
        _process.BeginErrorReadLine();
        _pumps = Task.WhenAll(SayAsync(), HearAsync());
    }

    /// <summary>What it says; ends when it has closed its output, whatever the reason.</summary>
    public ChannelReader<SupervisorEvent> Events => _heard.Reader;

    /// <summary>Starts one, in a session of its own.</summary>
    public static Supervisor Start(ProcessStartInfo start, TimeProvider time)
    {
        var process = new Process { StartInfo = start };
        process.Start();
        return new Supervisor(process, time);
    }

    /// <summary>Says something, as soon as it listens.</summary>
    public void Send<T>(T message) => _toSay.Writer.TryWrite(SupervisorJson.Line(message));

    /// <summary>Says nothing more: after what was said, its input ends.</summary>
    public void HangUp() => _toSay.Writer.TryComplete();

    /// <summary>The last lines that it wrote to its error stream, after it has ended.</summary>
    public async Task<string> ReadLastWordsAsync()
    {
        try
        {
            // Its two streams are read by two readers: the end of one says nothing about the other. Whoever inherited this one may keep it open.
            await _complained.Task.WaitAsync(s_exitGrace, _time);
        }
        catch (TimeoutException)
        {
        }

        return string.Join('\n', _complaints);
    }

    /// <summary>Ends the process itself; what it had started is the sweep's.</summary>
    public void Kill() => Signals.Send(-_process.Id, Signals.Kill);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        HangUp();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(s_exitGrace, _time);
        }
        catch (TimeoutException)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        await _pumps;
        _process.Dispose();
    }

    private void Complain(string? line)
    {
        if (line is null)
        {
            _complained.TrySetResult();
        }
        else if (line.Length > 0)
        {
            _complaints.Enqueue(line);
        }

        while (_complaints.Count > ComplaintLines)
        {
            _complaints.TryDequeue(out _);
        }
    }

    private async Task SayAsync()
    {
        try
        {
            await foreach (var line in _toSay.Reader.ReadAllAsync())
            {
                await _process.StandardInput.WriteLineAsync(line);
                await _process.StandardInput.FlushAsync();
            }

            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has gone; its silence is noticed by the other pump.
        }
    }

    private async Task HearAsync()
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (SupervisorEvent.Parse(line) is { } heard)
                {
                    _heard.Writer.TryWrite(heard);
                }
            }
        }
        finally
        {
            _heard.Writer.TryComplete();
            HangUp();
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using QualGent.Scheduling.Redis;
using StackExchange.Redis;

namespace QualGent.Simulation;

/// <summary>
/// Hears every wake-up of a pool in step with the simulation. A subscription of the client calls back at some time; here everything
/// that was published before the question is in the answer, which is what makes a seed repeatable.
/// </summary>
internal sealed class HintTap : IAsyncDisposable
{
    private readonly ConfigurationOptions _settings;
    private readonly string _channels;
    private TcpClient _connection = new();
    private StreamReader _replies = StreamReader.Null;

    private HintTap(ConfigurationOptions settings, string channels) => (_settings, _channels) = (settings, channels);

    /// <summary>Subscribes to all agents' channels of the pool.</summary>
    public static async Task<HintTap> ConnectAsync(string connectionString, RedisKeys keys, CancellationToken cancellationToken)
    {
        var tap = new HintTap(ConfigurationOptions.Parse(connectionString), $"{keys.Prefix}wake:*");
        await tap.ConnectAsync(cancellationToken);
        return tap;
    }

    /// <summary>Messages since the last call, e.g. <c>claim dev_01k9…</c>.</summary>
    public async Task<IReadOnlyList<string>> DrainAsync(CancellationToken cancellationToken)
    {
        var messages = new List<string>();
        try
        {
            await SendAsync("PING", cancellationToken);
            while (await ReadAsync(cancellationToken) is ["pmessage", _, _, var message])
            {
                messages.Add(message);
            }
        }
        catch (IOException)
        {
            // Redis was started again meanwhile; what it published is lost, as hints may be.
            await ConnectAsync(cancellationToken);
        }

        return messages;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _connection.Dispose();
        _connection = new TcpClient { NoDelay = true };
        await _connection.ConnectAsync((IPEndPoint)_settings.EndPoints[0], cancellationToken);
        _replies = new StreamReader(_connection.GetStream(), Encoding.ASCII);
        await SendAsync($"AUTH {_settings.Password}", cancellationToken);
        await LineAsync(cancellationToken);
        await SendAsync($"PSUBSCRIBE {_channels}", cancellationToken);
        await ReadAsync(cancellationToken);
    }

    private async Task SendAsync(string command, CancellationToken cancellationToken) =>
        await _connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), cancellationToken);

    // "*3\r\n$10\r\npsubscribe\r\n$7\r\npattern\r\n:1\r\n"; numbers have no second line.
    private async Task<string[]> ReadAsync(CancellationToken cancellationToken)
    {
        var parts = new string[int.Parse((await LineAsync(cancellationToken)).AsSpan(1), CultureInfo.InvariantCulture)];
        for (var i = 0; i < parts.Length; i++)
        {
            var head = await LineAsync(cancellationToken);
            parts[i] = head[0] == '$' ? await LineAsync(cancellationToken) : head[1..];
        }

        return parts;
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken) =>
        await _replies.ReadLineAsync(cancellationToken) ?? throw new IOException("Redis closed the connection that listens to hints.");
}

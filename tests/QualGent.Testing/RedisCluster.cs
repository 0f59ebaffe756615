using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace QualGent.Testing;

/// <summary>A cluster of three private <c>redis-server</c> processes, each with a third of the slots.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    /// <summary>Number of nodes.</summary>
    public const int Size = 3;

    private const int Slots = 16384;
    private readonly List<RedisServer> _nodes = [];

    private RedisCluster()
    {
    }

    /// <summary>The processes, by their part of the slots.</summary>
    public IReadOnlyList<RedisServer> Nodes => _nodes;

    /// <summary>Place in <see cref="Nodes"/> of the one that has a slot.</summary>
    public static int NodeOf(int slot) => Enumerable.Range(0, Size).Last(node => slot >= First(node));

    /// <summary>Starts the nodes, gives each its slots and waits until all agree.</summary>
    public static async Task<RedisCluster> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = new RedisCluster();
        try
        {
            for (var i = 0; i < Size; i++)
            {
                cluster._nodes.Add(await RedisServer.StartAsync(cancellationToken, clustered: true));
            }

            await cluster.JoinAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that knows all nodes.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync()
    {
        // 127.0.0.1:6379,password=…
        var settings = _nodes[0].ConnectionString[_nodes[0].ConnectionString.IndexOf(',', StringComparison.Ordinal)..];
        return await ConnectionMultiplexer.ConnectAsync(string.Join(',', _nodes.Select(node => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}"))) + settings);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        foreach (var (i, node) in _nodes.Index())
        {
            await AskAsync(node, $"CLUSTER ADDSLOTSRANGE {First(i)} {First(i + 1) - 1}", cancellationToken);
            foreach (var other in _nodes)
            {
                await AskAsync(node, $"CLUSTER MEET 127.0.0.1 {other.Port} {other.BusPort}", cancellationToken);
            }
        }

        foreach (var node in _nodes)
        {
            await Eventually.GetAsync(
                () => AskAsync(node, $"CLUSTER INFO", cancellationToken),
                info => info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains("cluster_size:3", StringComparison.Ordinal),
                "a node that knows the whole cluster",
                cancellationToken);
        }
    }

    // Over a connection of its own: a client of the cluster would ask any node. Answers one text, e.g. "+OK\r\n" or "$512\r\ncluster_state:ok\r\n…".
    private static async Task<string> AskAsync(RedisServer node, FormattableString command, CancellationToken cancellationToken)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, node.Port, cancellationToken);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"AUTH {RedisServer.Password}\r\n{command.ToString(CultureInfo.InvariantCulture)}\r\nQUIT\r\n"), cancellationToken);
        using var replies = new StreamReader(connection.GetStream(), Encoding.ASCII);
        var text = await replies.ReadToEndAsync(cancellationToken);
        return text.Contains("\n-", StringComparison.Ordinal) ? throw new InvalidOperationException(text) : text;
    }

    private static int First(int node) => node * Slots / Size;
}

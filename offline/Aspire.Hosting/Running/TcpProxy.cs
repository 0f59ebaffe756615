using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Running;

/// <summary>One public port in front of several replicas: connections take turns, and a replica that does not answer is skipped.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int[] _targets;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private uint _turn;

    public TcpProxy(int port, int[] targets)
    {
        _targets = targets;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _loop = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client, _turn++);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client, uint turn)
    {
        using (client)
        {
            try
            {
                using var target = await ConnectAsync(turn);
                if (target is null)
                {
                    return;
                }
                client.NoDelay = target.NoDelay = true;
                var (near, far) = (client.GetStream(), target.GetStream());
                // Each direction ends by itself; a closed half must not cut the answer still on its way.
                await Task.WhenAll(PumpAsync(near, far, target.Client), PumpAsync(far, near, client.Client));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The connection is over for one of the two; closing it tells the other.
            }
        }
    }

    private async Task<TcpClient?> ConnectAsync(uint turn)
    {
        for (uint i = 0; i < _targets.Length; i++)
        {
            var target = new TcpClient();
            try
            {
                await target.ConnectAsync(IPAddress.Loopback, _targets[(turn + i) % _targets.Length], _stop.Token);
                return target;
            }
            catch (SocketException)
            {
                target.Dispose();
            }
        }
        return null;
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Socket toSocket)
    {
        await from.CopyToAsync(to, _stop.Token);
        toSocket.Shutdown(SocketShutdown.Send);
    }
}

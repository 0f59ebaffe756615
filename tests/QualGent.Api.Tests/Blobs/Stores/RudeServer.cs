using System.Net;
using System.Net.Sockets;
using System.Text;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>Reads the beginning of each request, answers the same to all and closes the connection.</summary>
internal sealed class RudeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    /// <param name="answer">What it sends, as it stands.</param>
    public RudeServer(string answer = "")
    {
        _listener.Start();
        _serving = ServeAsync(Encoding.ASCII.GetBytes(answer));
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>Ends also while a caller that has connected asks for nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync(byte[] answer)
    {
        while (true)
        {
            using var caller = await _listener.AcceptTcpClientAsync(_end.Token);
            try
            {
                _ = await caller.GetStream().ReadAsync(new byte[4096], _end.Token);
                await caller.GetStream().WriteAsync(answer, _end.Token);
            }
            catch (IOException)
            {
                // The caller was ruder.
            }
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace QualGent.Api.Tests.Fuzz;

/// <summary>What came back for a <see cref="RawRequest"/>.</summary>
/// <param name="Status">Of the first line.</param>
/// <param name="Headers">By their names in lower case.</param>
/// <param name="Body">Empty when nothing says where it ends, as with a stream: its head is answer enough.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public bool IsSuccess => Status is >= 200 and < 400;

    public string MediaType => Headers.GetValueOrDefault("content-type", "").Split(';')[0];

    /// <summary>Sends a request over a connection of its own.</summary>
    /// <returns>Null when the connection was closed without an answer.</returns>
    /// <exception cref="TimeoutException">Neither an answer nor an end.</exception>
    public static async Task<RawAnswer?> OfAsync(RawRequest request, int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var answer = ReadAsync(socket, request.Method == "HEAD", cancellationToken);
        try
        {
            for (ReadOnlyMemory<byte> rest = request.ToBytes(); !rest.IsEmpty;)
            {
                rest = rest[await socket.SendAsync(rest, cancellationToken)..];
            }

            if (request.BreaksOffAfter is not null)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // A server that has answered need not read the rest.
        }

        return await answer.WaitAsync(s_patience, TimeProvider.System, cancellationToken);
    }

    private static async Task<RawAnswer?> ReadAsync(Socket socket, bool hasNoBody, CancellationToken cancellationToken)
    {
        var received = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var text = received.ToString();
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end)
            {
                var (status, headers) = Head(text[..end]);
                var body = text[(end + 4)..];
                var length = hasNoBody || !headers.TryGetValue("content-length", out var declared) ? 0 : int.Parse(declared, CultureInfo.InvariantCulture);
                if (status == 100)
                {
                    received.Remove(0, end + 4);
                    continue;
                }

                if (body.Length >= length && (status < 400 || length > 0 || hasNoBody || headers.ContainsKey("content-length") || body.EndsWith("0\r\n\r\n", StringComparison.Ordinal)))
                {
                    return new RawAnswer(status, headers, length > 0 ? body : Unchunked(body));
                }
            }

            int count;
            try
            {
                count = await socket.ReceiveAsync(buffer, cancellationToken);
            }
            catch (SocketException)
            {
                return null; // reset
            }

            if (count == 0)
            {
                return null;
            }

            received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }

    private static (int Status, Dictionary<string, string> Headers) Head(string text)
    {
        var lines = text.Split("\r\n");
        return (
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            lines[1..].Select(line => line.Split(':', 2)).GroupBy(pair => pair[0].ToLowerInvariant()).ToDictionary(group => group.Key, group => group.Last()[1].Trim()));
    }

    private static string Unchunked(string body)
    {
        var text = new StringBuilder();
        while (body.IndexOf("\r\n", StringComparison.Ordinal) is > 0 and var line && int.TryParse(body.AsSpan(0, line), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size) && size > 0 && line + 2 + size <= body.Length)
        {
            text.Append(body.AsSpan(line + 2, size));
            body = body[Math.Min(body.Length, line + 4 + size)..];
        }

        return text.ToString();
    }
}

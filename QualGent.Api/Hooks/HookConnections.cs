using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace QualGent.Api.Hooks;

/// <summary>
/// Connects to receivers. The address is judged here, where it is used, and not when the hook is added: a name may point somewhere else by
/// now. Proxies are not asked, redirects not followed, cookies not kept; any of them could lead to where no hook may go.
/// </summary>
internal sealed class HookConnections(IOptions<WebhookOptions> options)
{
    private const int HeaderKilobytes = 16;
    private const int DrainBytes = 16 * 1024;

    /// <summary>What to do about a refusal.</summary>
    public const string Advice = "The operator can allow such addresses with Webhooks:AllowPrivateAddresses.";

    /// <summary>Whether an address may be called.</summary>
    public bool Allows(IPAddress address) => options.Value.AllowPrivateAddresses || PublicAddress.Is(address);

    /// <summary>The address that stands in a URL in place of a name, when no hook may be called there.</summary>
    public IPAddress? RefusedIn(Uri url) => IPAddress.TryParse(url.IdnHost, out var address) && !Allows(address) ? address : null;

    /// <summary>A handler with all these rules.</summary>
    public SocketsHttpHandler NewHandler() => new()
    {
        ConnectCallback = ConnectAsync,
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = HeaderKilobytes,
        MaxResponseDrainSize = DrainBytes,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        var allowed = found.Where(Allows).ToArray();
        if (allowed.Length == 0)
        {
            throw new HookRefusedException($"{host} is {found.FirstOrDefault()?.ToString() ?? "nowhere"}, which is no public address. {Advice}");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A receiver at an address that no hook may be called at.</summary>
internal sealed class HookRefusedException(string message) : Exception(message);

using System.Net;
using System.Net.Sockets;

namespace QualGent.Testing;

/// <summary>Ports nobody listens on at the moment of asking.</summary>
public static class FreePort
{
    /// <summary>One loopback port.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

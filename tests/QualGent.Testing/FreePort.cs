using System.Net;
using System.Net.Sockets;

namespace QualGent.Testing;

/// <summary>Ports nobody listens on at the moment of asking.</summary>
public static class FreePort
{
    // Below the range the kernel gives out for outgoing connections (32768 and up), where a neighbour could be taken any time.
    private const int RangeFirst = 27_000;
    private const int RangeLast = 32_000;
    private static int s_handedOut;

    /// <summary>One loopback port.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The first of <paramref name="count"/> ports in a row; never the same twice.</summary>
    public static int Range(int count)
    {
        while (true)
        {
            // Test projects that run side by side begin at different places.
            var offset = (Environment.ProcessId * 50) + Interlocked.Add(ref s_handedOut, count);
            var first = RangeFirst + (offset % (RangeLast - RangeFirst - count));
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

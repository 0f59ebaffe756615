using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Gives every endpoint its ports before anything starts, so that references can name them.</summary>
internal static class PortAllocator
{
    /// <summary>Allocates the ports of one resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="randomize">Ignore the wanted ports, as under test, where several applications run side by side.</param>
    public static void Allocate(Resource resource, bool randomize)
    {
        foreach (var endpoint in resource.Endpoints)
        {
            if (!randomize && endpoint.WantedPort is { } wanted)
            {
                ThrowIfTaken(wanted, endpoint.Name, resource.Name);
                endpoint.Port = wanted;
            }
            else
            {
                endpoint.Port = FreePort();
            }
            endpoint.ReplicaPorts = resource.Replicas == 1
                ? [endpoint.Port.Value]
                : [.. Enumerable.Range(0, resource.Replicas).Select(_ => FreePort())];
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void ThrowIfTaken(int port, string endpointName, string resourceName)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException e)
        {
            var number = port.ToString(CultureInfo.InvariantCulture);
            throw new DistributedApplicationException(
                $"The endpoint '{endpointName}' of '{resourceName}' needs port {number}, and another program listens there ({e.SocketErrorCode}). Stop it (`ss -ltnp sport = :{number}` names it) or configure another port.", e);
        }
    }
}

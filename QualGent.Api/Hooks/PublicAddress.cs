using System.Net;
using System.Net.Sockets;

namespace QualGent.Api.Hooks;

/// <summary>
/// Which addresses are public: those that IANA's registries of special-purpose addresses do not set apart. Of IPv6 only the part that is given
/// out to the world counts, without what stands for another network's address (6to4, Teredo).
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] s_special4 =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32", // the host of a virtual machine in Azure, with its metadata: public by its number only
        ]).Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork s_global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] s_special6 = [.. ((string[])["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(text => IPNetwork.Parse(text))];

    public static bool Is(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily switch
        {
            AddressFamily.InterNetwork => !s_special4.Any(network => network.Contains(plain)),
            AddressFamily.InterNetworkV6 => s_global6.Contains(plain) && !s_special6.Any(network => network.Contains(plain)),
            _ => false,
        };
    }
}

using System.Globalization;

namespace QualGent.Testing;

/// <summary>TCP ports somebody on this machine listens on, and who.</summary>
public static class ListeningPorts
{
    private const string Listening = "0A";

    /// <summary>All of them.</summary>
    public static IReadOnlySet<int> All() => Sockets().Select(socket => socket.Port).ToHashSet();

    /// <summary>Those of one process.</summary>
    public static IEnumerable<int> Of(RunningProcess process)
    {
        var own = OpenFiles(process.Id).ToHashSet(StringComparer.Ordinal);
        return Sockets().Where(socket => own.Contains($"socket:[{socket.Inode}]")).Select(socket => socket.Port);
    }

    // "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  0 123456 …": address:port in hexadecimal, state, inode
    private static IEnumerable<(int Port, string Inode)> Sockets() =>
        from file in (string[])["/proc/net/tcp", "/proc/net/tcp6"]
        where File.Exists(file)
        from line in File.ReadLines(file).Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields[3] == Listening
        select (int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), fields[9]);

    private static IEnumerable<string> OpenFiles(int id)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it ended while we were looking
        }
    }
}

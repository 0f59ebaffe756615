using System.Globalization;

namespace QualGent.Testing;

/// <summary>
/// What the processes of a test leave on this machine: processes, ports, temporary files, files of ours in a tester's
/// project. Made before they start, asked while they run and again when they have ended.
/// </summary>
public sealed class Footprint
{
    // Not into linked folders: a working copy's node_modules is a link to thousands of files.
    private static readonly EnumerationOptions s_everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
    // What .NET's tools (start.sh's build, the Aspire CLI) keep for their next run is theirs.
    private static readonly string[] s_tools = ["NuGetScratch", "MSBuildTemp"];
    private readonly string _folder;
    private readonly string _untouched;
    private readonly IReadOnlyList<string> _untouchedBefore;
    private readonly IReadOnlySet<int> _portsBefore = ListeningPorts.All();
    private readonly HashSet<int> _ports = [];

    /// <summary>Looks at the machine as it is before anything starts.</summary>
    /// <param name="folder">Every process of the test names it in arguments, environment or working directory.</param>
    /// <param name="untouched">A folder nothing may be written to, e.g. the tester's.</param>
    public Footprint(string folder, string untouched)
    {
        (_folder, _untouched, _untouchedBefore) = (folder, untouched, List(untouched));
        Environment = new Dictionary<string, string>
        {
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName,
            ["DOTNET_EnableDiagnostics"] = "0", // .NET's own pipes stay behind after kill -9
        };
    }

    /// <summary>For every process of the test: its temporary files are found again.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Ports that were seen so far.</summary>
    public IReadOnlyCollection<int> Ports => _ports;

    /// <summary>Notes on which ports the test's processes listen now.</summary>
    public void Look() => _ports.UnionWith(RunningProcess.Naming(_folder).SelectMany(ListeningPorts.Of).Except(_portsBefore));

    /// <summary>What is still there; nothing, when all is well.</summary>
    public IReadOnlyList<string> Left() =>
    [
        .. RunningProcess.Naming(_folder).Select(process => string.Create(CultureInfo.InvariantCulture, $"process {process.Id}: {process.CommandLine}")),
        .. ListeningPorts.All().Intersect(_ports).Select(port => string.Create(CultureInfo.InvariantCulture, $"port {port}")),
        .. List(Environment["TMPDIR"]).Where(file => !s_tools.Any(tool => file.Contains(tool, StringComparison.Ordinal))),
        .. Directory.EnumerateFileSystemEntries(_folder, ".qualgent-*", s_everything),
        .. List(_untouched).Except(_untouchedBefore).Concat(_untouchedBefore.Except(List(_untouched))),
    ];

    /// <summary>Returns when nothing is left.</summary>
    /// <exception cref="TimeoutException">Something still is; the message names it.</exception>
    public async Task GoneAsync(TimeSpan within, CancellationToken cancellationToken) =>
        await Eventually.GetAsync(() => Task.FromResult(string.Join('\n', Left())), left => left.Length == 0, "nothing is left", cancellationToken, within);

    private static List<string> List(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos("*", s_everything).Select(entry => $"{entry.FullName}, written {entry.LastWriteTimeUtc:O}")];
}

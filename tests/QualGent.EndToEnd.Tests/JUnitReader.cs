using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace QualGent.EndToEnd.Tests;

/// <summary>Reads JUnit XML with Python's parser: another reader than the one that wrote it.</summary>
internal static partial class JUnitReader
{
    private const string Program = """
        import json, sys, xml.etree.ElementTree as tree
        root = tree.parse(sys.argv[1]).getroot()
        assert root.tag == 'testsuites', root.tag
        print(json.dumps([{'Name': s.get('name'), **{n: int(s.get(n.lower())) for n in ('Tests', 'Failures', 'Errors', 'Skipped')},
            'Cases': [{'Name': c.get('name'), 'Inside': [e.tag for e in c]} for c in s.iter('testcase')]} for s in root.iter('testsuite')]))
        """;

    /// <summary>The suites of a file.</summary>
    public static async Task<IReadOnlyList<Suite>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", Program, file]) { RedirectStandardOutput = true })!;
        var output = await python.StandardOutput.ReadToEndAsync(cancellationToken);
        await python.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, python.ExitCode);
        return JsonSerializer.Deserialize(output, Context.Default.IReadOnlyListSuite)!;
    }

    /// <summary>A file of the run: what its attributes say, and its test cases.</summary>
    internal sealed record Suite(string Name, int Tests, int Failures, int Errors, int Skipped, IReadOnlyList<Case> Cases)
    {
        /// <summary>Test cases that contain an element of that name.</summary>
        public int Count(string tag) => Cases.Count(test => test.Inside.Contains(tag));
    }

    /// <summary>A test and the names of the elements in it.</summary>
    internal sealed record Case(string Name, IReadOnlyList<string> Inside);

    [JsonSerializable(typeof(IReadOnlyList<Suite>))]
    private sealed partial class Context : JsonSerializerContext;
}

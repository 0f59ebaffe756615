using QualGent.Testing;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>Test code and app builds of some organisations, made from the sample project, in a folder of its own.</summary>
public sealed class Workspace : IDisposable
{
    /// <summary>The sample with all its specs, those that pass and those that do not.</summary>
    public const string Org = "qualgent";

    private const string SampleConfig = "appwright.config.ts";
    private static readonly string s_sample = System.IO.Path.Combine(Repository.Root, "samples", "notes", "workspace");
    private readonly TestFolder _folder = new();
    private Footprint? _footprint;

    public Workspace()
    {
        AddOrg(Org, "every spec");
        AddOrg("set-up-project", "every spec", "appwright.setup-fails.config.ts");
        AddOrg("global-set-up", "every spec", "appwright.global-setup-fails.config.ts");
        var tooNew = AddOrg("too-new", "every spec");
        Rewrite(System.IO.Path.Combine(tooNew, "package-lock.json"), "\"version\": \"1.59.1\"", "\"version\": \"1.60.0\"");
    }

    /// <summary>What agents on this workspace leave behind; made when the first is about to start.</summary>
    public Footprint Footprint => _footprint ??= new Footprint(_folder.Path, TestRoot);

    public string TestRoot => _folder.Folder("tests");

    public string AppRoot => _folder.Folder("apps");

    /// <summary>Installed once for all tests of this repository.</summary>
    public static string DependencyCache => Directory.CreateDirectory(System.IO.Path.Combine(Repository.Root, "artifacts", "worker-tests", "dependencies")).FullName;

    /// <summary>A folder for an agent's state.</summary>
    public string State(string name) => _folder.Folder("state/" + name);

    /// <summary>Settings of an agent with virtual phones on this workspace.</summary>
    public Dictionary<string, string> Settings(string name, int devices = 1, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(Footprint.Environment)
        {
            ["Worker__Name"] = name,
            ["Worker__TestRoot"] = TestRoot,
            ["Worker__AppRoot"] = AppRoot,
            ["Worker__DependencyCache"] = DependencyCache,
            ["Worker__PortBase"] = FreePort.Range(2 * devices).ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Worker__Providers__Virtual__Enabled"] = "true",
            ["Worker__Providers__Virtual__Devices"] = devices.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return settings;
    }

    public void Dispose() => _folder.Dispose();

    private string AddOrg(string org, string specs, string config = SampleConfig)
    {
        Copy(System.IO.Path.Combine(s_sample, "apps", "qualgent"), System.IO.Path.Combine(AppRoot, org));
        var folder = System.IO.Path.Combine(TestRoot, org);
        Copy(System.IO.Path.Combine(s_sample, "tests", "qualgent"), folder);
        var top = System.IO.Path.Combine(folder, SampleConfig);
        Rewrite(top, "testDir: \".\"", $"testDir: \".\" /* {specs} */");
        if (config != SampleConfig)
        {
            // The variant becomes the project's configuration, and imports the plain one under another name.
            File.Move(top, System.IO.Path.Combine(folder, "plain.ts"));
            File.Move(System.IO.Path.Combine(folder, config), top);
            Rewrite(top, "\"./appwright.config\"", "\"./plain\"");
        }

        return folder;
    }

    private static void Rewrite(string file, string old, string text)
    {
        var content = File.ReadAllText(file);
        Assert.Contains(old, content, StringComparison.Ordinal);
        File.WriteAllText(file, content.Replace(old, text, StringComparison.Ordinal));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, System.IO.Path.Combine(to, System.IO.Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(from).Where(folder => System.IO.Path.GetFileName(folder) != "node_modules"))
        {
            Copy(folder, System.IO.Path.Combine(to, System.IO.Path.GetFileName(folder)));
        }
    }
}

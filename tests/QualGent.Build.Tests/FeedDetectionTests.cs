using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using QualGent.Testing;

namespace QualGent.Build.Tests;

/// <summary>The probe of eng/feed-probe, on copies of the build files, against package sources that are folders.</summary>
public sealed class FeedDetectionTests : IDisposable
{
    private readonly DirectoryInfo _clone = Directory.CreateTempSubdirectory("qualgent-feed-");

    public FeedDetectionTests()
    {
        foreach (var file in SourceFiles.All.Where(f => f.StartsWith("eng/Feed", StringComparison.Ordinal) || f.StartsWith("eng/feed-probe/", StringComparison.Ordinal)
            || f is "Directory.Build.props" or "Directory.Build.targets" or "Directory.Packages.props" or "global.json"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Clone(file))!);
            File.Copy(Path.Combine(Repository.Root, file), Clone(file));
        }
        Directory.CreateDirectory(Clone("App"));
        File.WriteAllText(Clone("App/App.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <Target Name="SayFeed" AfterTargets="Restore">
                <Message Importance="high" Text="evaluated=[$(QualGentFeed)]" />
              </Target>
            </Project>
            """);
        UseSource("packages");
    }

    private string Marker => Clone("artifacts/feed.props");

    public void Dispose() => _clone.Delete(recursive: true);

    [Fact]
    public async Task Probe_PackagesMissing_RemembersRestricted()
    {
        var output = await RestoreAsync();
        Assert.Contains("Package feed: restricted", output, StringComparison.Ordinal);
        Assert.Equal("restricted", XDocument.Load(Marker).Descendants("QualGentFeed").Single().Value);
    }

    [Fact]
    public async Task Probe_AllPackagesThere_RemembersFull()
    {
        await ProvideEverythingAsync();
        var output = await RestoreAsync();
        Assert.Contains("Package feed: full", output, StringComparison.Ordinal);
        Assert.Equal("full", XDocument.Load(Marker).Descendants("QualGentFeed").Single().Value);
    }

    [Fact]
    public async Task Probe_OnePackageAsksForANewerOther_RemembersFull()
    {
        await ProvideEverythingAsync();
        var redis = Directory.EnumerateFiles(Clone("packages"), "Aspire.Hosting.Redis.*").Single();
        File.Delete(redis);
        WritePackage("OpenTelemetry.Extensions.Hosting", "99.0.0");
        WritePackage("Aspire.Hosting.Redis", Path.GetFileNameWithoutExtension(redis)["Aspire.Hosting.Redis.".Length..], """<dependency id="OpenTelemetry.Extensions.Hosting" version="99.0.0" />""");
        Assert.Contains("Package feed: full", await RestoreAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Marker_Deleted_IsProbedAgain()
    {
        await RestoreAsync();
        Assert.DoesNotContain("remembered", await RestoreAsync(), StringComparison.Ordinal);
        File.Delete(Marker);
        Assert.Contains("remembered", await RestoreAsync(), StringComparison.Ordinal);
        Assert.True(File.Exists(Marker));
    }

    [Fact]
    public async Task Environment_Override_WinsAndIsNotRemembered()
    {
        var output = await RestoreAsync(("QualGentFeed", "full"));
        Assert.Contains("evaluated=[full]", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Marker));
    }

    [Fact]
    public async Task Source_DoesNotAnswer_SaysSoAndRemembersNothing()
    {
        UseSource($"http://127.0.0.1:{FreePort.Next()}/index.json");
        var output = await RestoreAsync();
        Assert.Contains("did not answer (NU1301)", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Marker));
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("pack")]
    public async Task Ship_RestrictedFeed_IsRefusedUnlessAllowed(string verb)
    {
        File.WriteAllText(Clone("App/App.csproj"), """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><IsPackable>true</IsPackable></PropertyGroup></Project>""");
        File.WriteAllText(Clone("App/Program.cs"), "return;\n");
        var refused = await DotNetAsync([verb, "App/App.csproj", "-p:UseAppHost=false", "-o", "out"], ("QualGentFeed", "restricted"));
        Assert.Contains("QG0001", refused, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Clone("out")) && Directory.EnumerateFiles(Clone("out")).Any());

        var allowed = await DotNetAsync([verb, "App/App.csproj", "-p:UseAppHost=false", "-p:AllowRestrictedFeed=true", "-o", "out"], ("QualGentFeed", "restricted"));
        Assert.DoesNotContain("error", allowed, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(Clone("out")));
    }

    private string Clone(string path) => Path.Combine(_clone.FullName, path);

    private void UseSource(string source)
    {
        Directory.CreateDirectory(Clone("packages"));
        // The probe's retries against a silent source are NuGet's business; here one try is enough.
        File.WriteAllText(Clone("NuGet.Config"), $"""
            <configuration>
              <packageSources><clear /><add key="only" value="{source}" allowInsecureConnections="true" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Empty packages under the names and versions the probe asks for.</summary>
    private async Task ProvideEverythingAsync()
    {
        var json = await DotNetAsync(["msbuild", "eng/feed-probe/FeedProbe.csproj", "-getItem:PackageReference", "-getItem:PackageDownload"]);
        using var items = System.Text.Json.JsonDocument.Parse(json[json.IndexOf('{', StringComparison.Ordinal)..]);
        foreach (var item in items.RootElement.GetProperty("Items").EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray()))
        {
            WritePackage(item.GetProperty("Identity").GetString()!, item.GetProperty("Version").GetString()!.Trim('[', ']'));
        }
    }

    private void WritePackage(string id, string version, string dependencies = "")
    {
        using var package = ZipFile.Open(Clone($"packages/{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        writer.Write($"""<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata><id>{id}</id><version>{version}</version><authors>test</authors><description>test</description><dependencies>{dependencies}</dependencies></metadata></package>""");
    }

    private Task<string> RestoreAsync(params (string Name, string Value)[] environment) =>
        DotNetAsync(["msbuild", "App/App.csproj", "-t:Restore", "-v:m", "-nologo", "-tl:off"], environment);

    private async Task<string> DotNetAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = _clone.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("QualGentFeed");
        // Nothing may outlive the command and hold on to its output.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["NUGET_PACKAGES"] = Clone("cache");
        start.Environment["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1";
        start.Environment["NUGET_ENABLE_ENHANCED_HTTP_RETRY"] = "true";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output + await error;
    }
}

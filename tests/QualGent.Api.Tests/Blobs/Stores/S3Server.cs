using System.Diagnostics;
using System.Globalization;
using QualGent.Testing;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>A server that speaks S3, with one bucket in a folder of its own. <c>tests/s3-server</c> pins it; the first test installs it.</summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string Bucket = "qualgent";

    /// <summary>Access key and secret key of the only user it knows.</summary>
    public const string Key = "S3RVER";

    private static readonly string s_package = Path.Combine(Repository.Root, "tests", "s3-server");
    private static readonly TimeSpan s_install = TimeSpan.FromMinutes(4); // shorter than others wait for it
    private ServiceProcess? _process;

    public string Url { get; } = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}");

    /// <summary>Where it keeps objects; the time of a file is that of its object.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("qualgent-s3-");

    /// <summary>The file of an object, which is there when the object is.</summary>
    public FileInfo FileOf(string key) => new(Path.Combine(Folder.FullName, Bucket, $"{key}._S3rver_object"));

    /// <summary>Settings of an API that keeps its blobs here, behind a prefix: who shares one shares the pool's id.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(string prefix) => new Dictionary<string, string>
    {
        ["Blobs__S3__ServiceUrl"] = Url,
        ["Blobs__S3__Bucket"] = Bucket,
        ["Blobs__S3__AccessKey"] = Key,
        ["Blobs__S3__SecretKey"] = Key,
        ["Blobs__S3__Prefix"] = prefix,
    };

    public async ValueTask InitializeAsync()
    {
        await InstallAsync();
        var url = new Uri(Url);
        _process = ServiceProcess.Start(
            "node",
            [Path.Combine(s_package, "node_modules", "s3rver", "bin", "s3rver.js"), "--directory", Folder.FullName, "--address", url.Host, "--port", url.Port.ToString(CultureInfo.InvariantCulture), "--silent", "--configure-bucket", Bucket],
            new Dictionary<string, string>());
        await _process.WaitHealthyAsync(new Uri(url, Bucket), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Folder.Delete(recursive: true);
    }

    private static async Task InstallAsync()
    {
        Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts"));
        var turn = await Eventually.GetAsync(TakeTurn, stream => stream is not null, "no other test installs the S3 server", TestContext.Current.CancellationToken, TimeSpan.FromMinutes(5));
        await using (turn)
        {
            var (installed, asked) = (new FileInfo(Path.Combine(s_package, "node_modules", ".package-lock.json")), new FileInfo(Path.Combine(s_package, "package-lock.json")));
            if (installed.Exists && installed.LastWriteTimeUtc >= asked.LastWriteTimeUtc)
            {
                return;
            }

            var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--omit=optional", "--loglevel=error"]) { WorkingDirectory = s_package, RedirectStandardError = true };
            using var npm = Process.Start(start)!;
            try
            {
                var said = await npm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(s_install, TimeProvider.System, TestContext.Current.CancellationToken);
                await npm.WaitForExitAsync(TestContext.Current.CancellationToken);
                Assert.True(npm.ExitCode == 0, $"npm ci in tests/s3-server ended with {npm.ExitCode}: {said}");
            }
            catch (TimeoutException)
            {
                npm.Kill(entireProcessTree: true);
                throw new TimeoutException($"npm ci in tests/s3-server did not end within {s_install}. Does npm reach its registry?");
            }
        }
    }

    private static Task<FileStream?> TakeTurn()
    {
        try
        {
            return Task.FromResult<FileStream?>(new FileStream(Path.Combine(Repository.Root, "artifacts", "s3-server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return Task.FromResult<FileStream?>(null);
        }
    }
}

using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Batches;
using QualGent.Worker.Processes;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.TestCode;

/// <summary>npm dependencies, installed once per lock file and shared by all devices and agents that use the same cache.</summary>
public sealed partial class DependencyCache(IOptions<WorkerOptions> options, TimeProvider time, ILogger<DependencyCache> logger)
{
    private const string DraftSuffix = ".new";
    private static readonly string[] s_inputs = ["package.json", "package-lock.json", ".npmrc"];
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    /// <summary>The folder that holds <c>node_modules</c> for this project; installs it first when nobody has.</summary>
    /// <param name="projectFolder">The project.</param>
    /// <param name="withScripts">Whether the organisation lets packages run their install scripts; such an installation is another one.</param>
    /// <param name="batchId">Marks npm's processes, so that they can be found and ended.</param>
    /// <param name="cancellationToken">Ends the installation.</param>
    /// <exception cref="BatchRefusedException">The installation failed; the message is npm's.</exception>
    public async Task<string> GetAsync(string projectFolder, bool withScripts, string batchId, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(options.Value.DependencyCache);
        var folder = Path.Combine(root, Key(projectFolder, withScripts));
        if (Directory.Exists(folder))
        {
            return folder;
        }

        Directory.CreateDirectory(root);
        await using var turn = await TakeTurnAsync(folder + ".lock", cancellationToken);
        if (!Directory.Exists(folder))
        {
            await InstallAsync(projectFolder, folder, withScripts, batchId, cancellationToken);
        }

        return folder;
    }

    private static string Key(string projectFolder, bool withScripts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in s_inputs.Select(name => Path.Combine(projectFolder, name)).Where(File.Exists))
        {
            hash.AppendData(File.ReadAllBytes(file));
            hash.AppendData([0]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32] + (withScripts ? "-scripts" : "");
    }

    // One installation at a time per lock file, across processes: the file is locked as long as the stream is open.
    private async Task<FileStream> TakeTurnAsync(string lockFile, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(started) < options.Value.DependencyTimeout)
            {
                await Task.Delay(s_poll, time, cancellationToken);
            }
        }
    }

    private async Task InstallAsync(string projectFolder, string folder, bool withScripts, string batchId, CancellationToken cancellationToken)
    {
        // The name is nobody else's: npm of an agent that was killed may still write into a draft of its own.
        DeleteDrafts(folder);
        var draft = Directory.CreateDirectory($"{folder}.{Guid.NewGuid():N}{DraftSuffix}").FullName;
        foreach (var name in s_inputs.Where(name => File.Exists(Path.Combine(projectFolder, name))))
        {
            File.Copy(Path.Combine(projectFolder, name), Path.Combine(draft, name));
        }

        var started = time.GetTimestamp();
        LogInstalling(Path.GetFileName(folder));
        var environment = NpmEnvironment(batchId);
        await NpmAsync(["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"], environment, draft, cancellationToken);
        if (withScripts)
        {
            // In a step of its own, because scripts are foreign code: they do not get what npm needs for the registry, which may hold credentials.
            var foreign = environment.Where(pair => !LeadsToTheRegistry(pair.Key)).ToDictionary(StringComparer.Ordinal);
            foreign["HOME"] = draft;
            await NpmAsync(["rebuild", "--foreground-scripts", "--loglevel=error"], foreign, draft, cancellationToken);
        }

        Directory.Move(draft, folder);
        LogInstalled(Path.GetFileName(folder), time.GetElapsedTime(started).TotalSeconds);
    }

    private async Task NpmAsync(string[] arguments, Dictionary<string, string> environment, string folder, CancellationToken cancellationToken)
    {
        ProgramResult result;
        try
        {
            result = await ExternalProgram.RunAsync(ExternalProgram.InOwnSession("npm", arguments, environment, folder), options.Value.DependencyTimeout, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw Failed(arguments[0], $"did not end within {options.Value.DependencyTimeout} (Worker:DependencyTimeout). Check the agent's way to its npm registry. It printed:", e.Message);
        }

        if (result.ExitCode != 0)
        {
            throw Failed(arguments[0], $"ended with {result.ExitCode}:", result.Output);
        }
    }

    private static BatchRefusedException Failed(string verb, string how, string printed) =>
        new(new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, $"Installing the project's npm dependencies (npm {verb}) {how}\n{printed}"), printed);

    // npm is no foreign code and needs its settings: the registry, a proxy, credentials in the user's .npmrc.
    private static Dictionary<string, string> NpmEnvironment(string batchId)
    {
        var allowed = ExternalProgram.AllowedEnvironment();
        allowed[LeftoverSweep.Marker] = batchId;
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (name is "HOME" or "TMPDIR" || LeadsToTheRegistry(name))
            {
                allowed[name] = Environment.GetEnvironmentVariable(name)!;
            }
        }

        return allowed;
    }

    private static bool LeadsToTheRegistry(string variable) =>
        variable.StartsWith("npm_config_", StringComparison.OrdinalIgnoreCase) || variable.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);

    // Called by the one whose turn it is, so nobody alive works in them.
    private void DeleteDrafts(string folder)
    {
        foreach (var draft in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, Path.GetFileName(folder) + ".*" + DraftSuffix))
        {
            try
            {
                Directory.Delete(draft, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogDraftStays(draft, e.Message);
            }
        }
    }

    [LoggerMessage(3303, LogLevel.Warning, "Unfinished npm installation {Folder} could not be deleted: {Reason}")]
    private partial void LogDraftStays(string folder, string reason);

    [LoggerMessage(3301, LogLevel.Information, "Installing npm dependencies {Key}")]
    private partial void LogInstalling(string key);

    [LoggerMessage(3302, LogLevel.Information, "npm dependencies {Key} installed in {Seconds:F1} s")]
    private partial void LogInstalled(string key, double seconds);
}

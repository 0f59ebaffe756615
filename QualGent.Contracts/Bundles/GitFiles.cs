using System.ComponentModel;
using System.Diagnostics;

namespace QualGent.Contracts.Bundles;

/// <summary>Asks git which files of a folder it would commit: those it tracks and those it does not ignore.</summary>
internal static class GitFiles
{
    // Set while git itself runs a hook; they would make it look at another repository than the folder's.
    private static readonly string[] s_ofAnotherRepository = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

    /// <summary>Whether the folder lies in a work tree.</summary>
    public static bool IsWorkTree(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            // A folder, or a file in a submodule and a second work tree.
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Paths relative to the folder, in no order; a nested repository gives its own files.</summary>
    /// <exception cref="BundleException">git could not be asked. Packing everything instead might send what it ignores, such as secrets.</exception>
    public static IEnumerable<string> List(string folder, CancellationToken cancellationToken)
    {
        foreach (var name in Run(folder, cancellationToken).Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            if (new FileInfo(path).LinkTarget is null && Directory.Exists(path))
            {
                foreach (var below in Path.Exists(Path.Combine(path, ".git")) ? List(path, cancellationToken) : [])
                {
                    yield return name.TrimEnd('/') + "/" + below;
                }
            }
            else if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null)
            {
                yield return name;
            }
        }
    }

    private static string Run(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in s_ofAnotherRepository)
        {
            start.Environment.Remove(name);
        }

        try
        {
            using var git = Process.Start(start)!;
            using var stop = cancellationToken.Register(() => git.Kill(entireProcessTree: true));
            git.StandardInput.Close();
            var complaints = git.StandardError.ReadToEndAsync(CancellationToken.None);
            var names = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            cancellationToken.ThrowIfCancellationRequested();
            return git.ExitCode == 0 ? names : throw Unasked(folder, complaints.GetAwaiter().GetResult().Trim());
        }
        catch (Win32Exception e)
        {
            throw Unasked(folder, e.Message);
        }
    }

    private static BundleException Unasked(string folder, string why) =>
        new($"{folder} is in a git work tree, but git cannot say which files belong to it: {why}\nMake 'git ls-files' work there.");
}

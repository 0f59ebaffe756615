namespace Aspire.Hosting.Running;

/// <summary>Programs on the PATH.</summary>
internal static class Executables
{
    /// <summary>The full path, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(File.Exists);
}

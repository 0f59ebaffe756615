namespace QualGent.AppHost;

/// <summary>Where local runs keep what survives a restart: <c>DataDir</c>, or <c>.data</c> at the top of the repository.</summary>
internal static class DataFolder
{
    public static string Get(IDistributedApplicationBuilder builder, params ReadOnlySpan<string> names)
    {
        var root = Path.GetFullPath(builder.Configuration["DataDir"] ?? Path.Combine("..", ".data"), builder.AppHostDirectory);
        return Path.Combine([root, .. names]);
    }

    /// <summary>The folder, made when missing, readable by its owner only.</summary>
    public static string Create(IDistributedApplicationBuilder builder, params ReadOnlySpan<string> names)
    {
        var folder = Get(builder, names);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder); // a user's folders are private there already
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        return folder;
    }
}

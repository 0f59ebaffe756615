namespace QualGent.Contracts;

/// <summary>Where a job may run.</summary>
public static class Targets
{
    /// <summary>An emulator, simulator or virtual device.</summary>
    public const string Emulator = "emulator";

    /// <summary>A phone.</summary>
    public const string Device = "device";

    /// <summary>A BrowserStack licence.</summary>
    public const string BrowserStack = "browserstack";

    /// <summary>Nothing runs: outcomes are made up from the test's name. Never chosen unless asked for.</summary>
    public const string Simulated = "simulated";

    /// <summary>Of a matrix as a whole: its cells differ. Nobody can ask for it.</summary>
    public const string Mixed = "mixed";

    /// <summary>All that can be asked for.</summary>
    public static IReadOnlyList<string> All { get; } = [Emulator, Device, BrowserStack, Simulated];
}

/// <summary>Operating systems an app can be built for.</summary>
public static class Platforms
{
    /// <summary>The default.</summary>
    public const string Android = "android";

    /// <summary>iOS.</summary>
    public const string Ios = "ios";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Android, Ios];
}

/// <summary>What is done about tests that are submitted again while they are under way.</summary>
public static class DedupModes
{
    /// <summary>Attach them to the job that is under way.</summary>
    public const string InFlight = "in_flight";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [InFlight];
}

/// <summary>What happens to the app between two tests of a batch.</summary>
public static class ResetModes
{
    /// <summary>The app is removed and installed again for every test: AppWright's own default.</summary>
    public const string Full = "full";

    /// <summary>The app stays installed and its data is cleared: what makes warm installs possible.</summary>
    public const string Clear = "clear";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Full, Clear];
}

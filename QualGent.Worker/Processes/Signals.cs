using System.Runtime.InteropServices;

namespace QualGent.Worker.Processes;

/// <summary>Signals to processes and groups, which .NET itself cannot send.</summary>
internal static partial class Signals
{
    public const int Kill = 9;

    /// <summary>Sends a signal to a process, or with a negative number to a group. One that is gone is what was wanted.</summary>
    public static void Send(int pid, int signal) => _ = KillProcess(pid, signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int KillProcess(int pid, int signal);
}

using System.ComponentModel;
using System.Diagnostics;

namespace QualGent.AppHost.Redis;

/// <summary>A container runtime counts only when its daemon answers: many machines have a client and nothing behind it.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public static bool IsUsable() => Answers("docker") || Answers("podman");

    // `docker version --format {{.Server.Version}}` asks the daemon; without one it fails, or waits for ever on a dead socket.
    private static bool Answers(string client)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(client, ["version", "--format", "{{.Server.Version}}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (process is null)
            {
                return false;
            }
            if (!process.WaitForExit(s_patience))
            {
                process.Kill(entireProcessTree: true);
                return false;
            }
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // not installed
        }
    }
}

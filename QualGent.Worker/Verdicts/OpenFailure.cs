using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Verdicts;

/// <summary>What it means for all of a batch that it could not be opened.</summary>
public static class OpenFailure
{
    /// <summary>The supervisor refused, with a code of <c>runner/lib/checks.mjs</c>. What the tester can change is a verdict; what this host got wrong is a loss.</summary>
    public static FileVerdict Judge(string? code, string? message) => code switch
    {
        "app_unreadable" => new FileVerdict(JobOutcome.InstallFailed, VerdictCodes.InstallFailed, message),
        "config_missing" or "app_missing" => FileVerdict.Failed(VerdictCodes.NotFound, message!),
        "appwright_missing" or "appium_missing" => FileVerdict.Failed(VerdictCodes.UnsupportedVersion, message!),
        "port_in_use" or "app_changed" => Lost(message),
        _ => new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, message),
    };

    /// <summary>The supervisor ended without a word.</summary>
    /// <param name="complaint">What it wrote to its error stream.</param>
    public static FileVerdict Silence(string complaint) => Lost($"The batch's supervisor ended before it had opened the batch. Its last words:\n{complaint}");

    // Nothing has begun, yet it counts: a host on which no batch opens would take the same jobs again and again.
    private static FileVerdict Lost(string? message) => new(JobOutcome.Lost, VerdictCodes.Infrastructure, message) { Charge = LossCharge.Always };
}

using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using QualGent.Worker.Providers;

namespace QualGent.Worker.Agent;

/// <summary>Checks what annotations cannot say, and reports all mistakes at once with what to write instead.</summary>
public sealed partial class WorkerOptionsValidator(IHostEnvironment environment) : IValidateOptions<WorkerOptions>
{
    private const int DevicesMax = 256;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var errors = new List<string>();
        var virtualDevices = VirtualProvider.CountDevices(options, environment);
        CheckCount(options.Providers.Virtual.Devices, "Worker:Providers:Virtual:Devices", errors);
        CheckCount(options.Providers.Simulated.Devices, "Worker:Providers:Simulated:Devices", errors);
        if (virtualDevices + options.Providers.Simulated.Devices == 0)
        {
            errors.Add("This agent offers no device. Set Worker:Providers:Virtual:Enabled=true for virtual phones, or Worker:Providers:Simulated:Devices=1 for made-up outcomes.");
        }

        if (string.IsNullOrWhiteSpace(options.StateDir))
        {
            errors.Add("Worker:StateDir is empty and there is no home folder to put it in. Set it to a folder only this agent uses.");
        }

        if (virtualDevices > 0)
        {
            CheckPlain(options.StateDir, errors);
            CheckFolder(options.TestRoot, "Worker:TestRoot", "the folder that holds one folder of test code per organisation", errors);
            CheckFolder(options.AppRoot, "Worker:AppRoot", "the folder that holds {org}/{app_version_id}.apk", errors);
            if (options.PortBase + (2 * virtualDevices) > 65_535)
            {
                errors.Add($"Worker:PortBase {options.PortBase} leaves no room for {virtualDevices} devices with two ports each. Choose a lower one.");
            }
        }

        if (options.ProbeMax < options.ProbeMin)
        {
            errors.Add($"Worker:ProbeMax ({options.ProbeMax}) is shorter than Worker:ProbeMin ({options.ProbeMin}). Make it at least as long.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckCount(int count, string setting, List<string> errors)
    {
        if (count is < 0 or > DevicesMax)
        {
            errors.Add($"{setting} is {count}; it must be from 0 to {DevicesMax}.");
        }
    }

    // The same rule as in runner/lib/checks.mjs, whose refusal would come with every batch.
    private static void CheckPlain(string stateDir, List<string> errors)
    {
        if (stateDir.Length > 0 && !PlainPath().IsMatch(Path.GetFullPath(stateDir)))
        {
            errors.Add($"Worker:StateDir is '{stateDir}'. AppWright hands paths below it to a shell, so it may hold only letters, digits and ./@+:,-_ (no spaces). Choose another folder.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_./@+:,-]+$")]
    private static partial Regex PlainPath();

    private static void CheckFolder(string folder, string setting, string what, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            errors.Add($"{setting} is empty. Virtual phones need {what}.");
        }
        else if (!Directory.Exists(folder))
        {
            errors.Add($"{setting} is '{folder}', which is not a folder. It must be {what}.");
        }
    }
}

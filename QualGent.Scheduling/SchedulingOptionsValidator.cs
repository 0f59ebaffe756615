using Microsoft.Extensions.Options;

namespace QualGent.Scheduling;

/// <summary>Rules between settings; the bounds of each are annotations on <see cref="SchedulingOptions"/>.</summary>
internal sealed class SchedulingOptionsValidator : IValidateOptions<SchedulingOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SchedulingOptions options)
    {
        var errors = new List<string>();
        if (options.RetryMaxDelay < options.RetryBaseDelay)
        {
            errors.Add($"{SchedulingOptions.Section}:RetryMaxDelay ({options.RetryMaxDelay}) must not be shorter than RetryBaseDelay ({options.RetryBaseDelay}).");
        }

        if (options.QueuedMax < options.QueuedPerOrgMax)
        {
            errors.Add($"{SchedulingOptions.Section}:QueuedMax ({options.QueuedMax}) must not be lower than QueuedPerOrgMax ({options.QueuedPerOrgMax}).");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}

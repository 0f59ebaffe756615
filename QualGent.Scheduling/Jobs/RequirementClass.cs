using QualGent.Contracts;

namespace QualGent.Scheduling.Jobs;

/// <summary>
/// What a job needs of a device, as one canonical string: <c>target/platform[/name=value,…]</c> with the label selectors
/// sorted by name, e.g. <c>device/android/model=pixel-8,os=14</c>. Equal needs are equal strings.
/// </summary>
public sealed record RequirementClass
{
    /// <summary>Builds the canonical form; label names and values hold no <c>/ , =</c> (the submission validator sees to it).</summary>
    public RequirementClass(string target, string platform, IReadOnlyDictionary<string, string>? labels = null)
    {
        Target = target;
        Platform = platform;
        Labels = labels ?? new Dictionary<string, string>();
        var selectors = string.Join(',', Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
        Text = selectors.Length == 0 ? $"{target}/{platform}" : $"{target}/{platform}/{selectors}";
    }

    /// <summary>What a submission asks of a device, with the defaults filled in.</summary>
    public static RequirementClass Of(SubmitSettings settings) => new(settings.Target ?? Targets.Emulator, settings.Platform ?? Platforms.Android, settings.Labels);

    /// <summary>What is said of a matrix as a whole: the target and the platform where all cells agree, else <see cref="Targets.Mixed"/>.</summary>
    public static RequirementClass Common(IEnumerable<RequirementClass> cells) =>
        cells.Select(cell => (cell.Target, cell.Platform)).Distinct().ToList() is [var (target, platform)] ? new(target, platform) : new(Targets.Mixed, Targets.Mixed);

    /// <summary>One of <see cref="Contracts.Targets"/>.</summary>
    public string Target { get; }

    /// <summary>One of <see cref="Contracts.Platforms"/>.</summary>
    public string Platform { get; }

    /// <summary>Labels a device must have.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The canonical string.</summary>
    public string Text { get; }

    /// <summary>Reads the canonical string back.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static RequirementClass Parse(string text)
    {
        var parts = text.Split('/');
        if (parts.Length is < 2 or > 3)
        {
            throw new FormatException($"'{text}' is not a requirement class.");
        }

        var labels = parts.Length == 2 ? [] : parts[2].Split(',').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new RequirementClass(parts[0], parts[1], labels);
    }

    /// <summary>Whether a device with these properties may run jobs of the class.</summary>
    public bool IsServedBy(string target, string platform, IReadOnlyDictionary<string, string> deviceLabels) =>
        target == Target && platform == Platform && Labels.All(label => deviceLabels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <inheritdoc/>
    public bool Equals(RequirementClass? other) => other?.Text == Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

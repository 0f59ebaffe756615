using System.Text.RegularExpressions;

namespace QualGent.Contracts;

/// <summary>Checks a submission and reports every mistake at once. The CLI runs it before sending, the API before storing.</summary>
public static partial class SubmissionValidator
{
    /// <summary>Mistakes of a single job sent now; empty when it may be stored.</summary>
    public static IReadOnlyList<FieldError> Validate(SubmitJobRequest request, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        CheckSettings(request, now, errors);
        CheckDedup(request, bundleFollows: false, errors);
        CheckTestPath(request.TestPath, "test_path", errors);
        return errors;
    }

    /// <summary>Mistakes of a run; empty when it may be stored. A run without tests is the caller's to refuse (<see cref="ProblemCodes.NoTests"/>).</summary>
    /// <param name="request">The run.</param>
    /// <param name="now">When it is sent.</param>
    /// <param name="bundleFollows">Whether the caller adds the bundle before it sends the request.</param>
    public static IReadOnlyList<FieldError> Validate(SubmitRunRequest request, DateTimeOffset now, bool bundleFollows = false)
    {
        var errors = new List<FieldError>();
        CheckSettings(request, now, errors);
        CheckDedup(request, bundleFollows, errors);
        if (request.Name is { Length: > Limits.NameLength })
        {
            errors.Add(new("name", $"must not be longer than {Limits.NameLength} characters"));
        }

        var tests = request.Tests ?? [];
        if (tests.Count > Limits.TestsPerRun)
        {
            errors.Add(new("tests", $"has {tests.Count} entries; a run takes at most {Limits.TestsPerRun}, so submit several runs"));
            return errors;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tests.Count; i++)
        {
            CheckTestPath(tests[i], $"tests[{i}]", errors);
            if (tests[i] is { } path && !seen.Add(path))
            {
                errors.Add(new($"tests[{i}]", $"'{Shown(path)}' is listed twice"));
            }
        }

        CheckMatrix(request, errors);
        return errors;
    }

    private static void CheckSettings(SubmitSettings settings, DateTimeOffset now, List<FieldError> errors)
    {
        errors.AddRange(IdRules.Check(settings.OrgId, "org_id"));
        errors.AddRange(IdRules.Check(settings.AppVersionId, "app_version_id"));
        CheckRange(settings.Priority, "priority", Limits.PriorityMin, Limits.PriorityMax, errors);
        CheckOneOf(settings.Target, "target", Targets.All, errors);
        CheckOneOf(settings.Platform, "platform", Platforms.All, errors);
        CheckOneOf(settings.Reset, "reset", ResetModes.All, errors);
        errors.AddRange(settings.Bundle is null ? [] : BlobDigest.Check(settings.Bundle, "bundle"));
        CheckRange(settings.AttemptsMax, "attempts_max", 1, Limits.AttemptsMax, errors);
        CheckSeconds(settings.TimeoutSeconds, "timeout_seconds", Limits.TimeoutSecondsMin, Limits.TimeoutSecondsMax, errors);
        CheckSeconds(settings.QueueTimeoutSeconds, "queue_timeout_seconds", 1, Limits.QueueTimeoutSecondsMax, errors);
        CheckSeconds(settings.RunTimeoutSeconds, "run_timeout_seconds", 1, Limits.RunTimeoutSecondsMax, errors);
        CheckSeconds(settings.LeaseSeconds, "lease_seconds", Limits.RunLeaseSecondsMin, Limits.RunLeaseSecondsMax, errors);
        if (settings.NotBefore > now.AddDays(Limits.NotBeforeDaysMax))
        {
            errors.Add(new("not_before", $"is more than {Limits.NotBeforeDaysMax} days ahead"));
        }

        if (settings.Project is { } project && (project.Length is 0 or > Limits.NameLength || project.Any(char.IsControl)))
        {
            errors.Add(new("project", $"must be 1 to {Limits.NameLength} printable characters"));
        }

        CheckLabels(settings.Labels, errors);
    }

    // Equal jobs can be told only by the digest of their code; and one that waits for an instant is not under way.
    private static void CheckDedup(SubmitSettings settings, bool bundleFollows, List<FieldError> errors)
    {
        CheckOneOf(settings.Dedup, "dedup", DedupModes.All, errors);
        if (settings.Dedup != DedupModes.InFlight)
        {
            return;
        }

        if (settings.Bundle is null && !bundleFollows)
        {
            errors.Add(new("dedup", "needs a bundle: without the digest of the test code nobody can tell whether two jobs are equal"));
        }

        if (settings.NotBefore is not null)
        {
            errors.Add(new("dedup", "does not go with not_before: a job that waits for an instant is not under way"));
        }
    }

    internal static void CheckTestPath(string? path, string field, List<FieldError> errors)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            errors.Add(new(field, "is required"));
        }
        else if (path.Length > Limits.TestPathLength)
        {
            errors.Add(new(field, $"has {path.Length} characters; at most {Limits.TestPathLength} are allowed"));
        }
        else if (path.StartsWith('/') || path.Contains('\\') || path.Any(char.IsControl) || path.Split('/').Any(part => part is "" or "." or ".."))
        {
            errors.Add(new(field, $"'{Shown(path)}' must be relative to the project folder, with forward slashes and without '.', '..' or empty parts"));
        }
    }

    private static void CheckRange(int? value, string field, int min, int max, List<FieldError> errors)
    {
        if (value < min || value > max)
        {
            errors.Add(new(field, $"is {value}; it must be from {min} to {max}"));
        }
    }

    private static void CheckSeconds(int? value, string field, int min, int max, List<FieldError> errors)
    {
        if (value < min || value > max)
        {
            errors.Add(new(field, $"is {value}; it must be from {min} to {max} seconds ({TimeText.Of(TimeSpan.FromSeconds(max))})"));
        }
    }

    private static void CheckOneOf(string? value, string field, IReadOnlyList<string> allowed, List<FieldError> errors)
    {
        if (value is not null && !allowed.Contains(value, StringComparer.Ordinal))
        {
            errors.Add(new(field, $"'{Shown(value)}' is unknown; use one of {string.Join(", ", allowed)}"));
        }
    }

    private static void CheckLabels(IReadOnlyDictionary<string, string>? labels, List<FieldError> errors, string field = "labels")
    {
        if (labels is null)
        {
            return;
        }

        if (labels.Count > Limits.LabelsPerJob)
        {
            errors.Add(new(field, $"has {labels.Count} entries; at most {Limits.LabelsPerJob} are allowed"));
        }

        foreach (var (name, value) in labels)
        {
            if (!Label().IsMatch(name) || value is null || !Label().IsMatch(value))
            {
                errors.Add(new(field, $"'{Shown(name)}={Shown(value)}': names and values are 1 to {Limits.LabelLength} letters, digits or any of . _ -"));
            }
        }
    }

    // A mistake is quoted back, but a megabyte of it is not.
    private static string Shown(string? text) => text is { Length: > 60 } ? text[..60] + "…" : text ?? "";

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Label();
}

namespace QualGent.Contracts;

public static partial class SubmissionValidator
{
    private static void CheckMatrix(SubmitRunRequest request, List<FieldError> errors)
    {
        if (request.Matrix is not { } matrix)
        {
            return;
        }

        if (request.Dedup == DedupModes.InFlight)
        {
            errors.Add(new("dedup", "cannot be combined with a matrix; submit a run for each kind of device"));
        }

        var tests = request.Tests?.Count ?? 0;
        if (matrix.Count is 0 or > Limits.MatrixCells)
        {
            errors.Add(new("matrix", $"has {matrix.Count} cells; it must have 1 to {Limits.MatrixCells}"));
        }
        else if (tests * matrix.Count > Limits.TestsPerRun)
        {
            errors.Add(new("matrix", $"makes {tests * matrix.Count} jobs of {tests} tests; a run takes at most {Limits.TestsPerRun}, so submit several runs"));
        }
        else
        {
            CheckCells(request, matrix, errors);
        }
    }

    private static void CheckCells(SubmitRunRequest request, IReadOnlyList<MatrixCell?> matrix, List<FieldError> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < matrix.Count; i++)
        {
            var field = $"matrix[{i}]";
            if (matrix[i] is not { } cell || cell is { Target: null, Platform: null, Labels: null or { Count: 0 } })
            {
                errors.Add(new(field, "says nothing; give it labels, a target or a platform"));
                continue;
            }

            CheckOneOf(cell.Target, field + ".target", Targets.All, errors);
            CheckOneOf(cell.Platform, field + ".platform", Platforms.All, errors);
            CheckLabels(cell.Labels, errors, field + ".labels");
            var asked = cell.In(request);
            if (asked.Labels is { Count: > Limits.LabelsPerJob } labels && !(cell.Labels?.Count > Limits.LabelsPerJob))
            {
                errors.Add(new(field + ".labels", $"makes {labels.Count} labels with those of the run; at most {Limits.LabelsPerJob} are allowed"));
            }

            if (!seen.Add($"{asked.Target ?? Targets.Emulator}/{asked.Platform ?? Platforms.Android}/{string.Join(',', asked.Labels ?? new Dictionary<string, string>())}"))
            {
                errors.Add(new(field, "asks for the same devices as a cell before"));
            }
        }
    }
}

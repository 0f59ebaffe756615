namespace QualGent.Contracts;

/// <summary>Checks a change of an organisation's quarantine and reports every mistake at once.</summary>
public static class QuarantineValidator
{
    /// <summary>Mistakes; empty when the change may be made.</summary>
    public static IReadOnlyList<FieldError> Validate(string orgId, string? testPath, string? reason)
    {
        var errors = new List<FieldError>(IdRules.Check(orgId, "org_id"));
        SubmissionValidator.CheckTestPath(testPath, "test_path", errors);
        if (reason is { Length: > Limits.QuarantineReasonLength })
        {
            errors.Add(new("reason", $"has {reason.Length} characters; at most {Limits.QuarantineReasonLength} are allowed"));
        }

        return errors;
    }
}

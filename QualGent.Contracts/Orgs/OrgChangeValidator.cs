namespace QualGent.Contracts;

/// <summary>Checks a change of an organisation's settings and reports every mistake at once.</summary>
public static class OrgChangeValidator
{
    /// <summary>Mistakes; empty when the change may be stored.</summary>
    public static IReadOnlyList<FieldError> Validate(string orgId, OrgChange change)
    {
        var errors = new List<FieldError>(IdRules.Check(orgId, "org_id"));
        // Written so that NaN is out of range, too.
        if (change.Weight is { } weight && !(weight >= Limits.WeightMin && weight <= Limits.WeightMax))
        {
            errors.Add(new("weight", FormattableString.Invariant($"is {weight}; it must be from {Limits.WeightMin} to {Limits.WeightMax}")));
        }

        if (change.Cap is < 1 or > Limits.CapMax)
        {
            errors.Add(new("cap", $"is {change.Cap}; it must be from 1 to {Limits.CapMax}. To stop an organisation, pause it."));
        }

        if (change.QueuedMax is < 1 or > Limits.QueuedMax)
        {
            errors.Add(new("queued_max", $"is {change.QueuedMax}; it must be from 1 to {Limits.QueuedMax}"));
        }

        if (change == new OrgChange())
        {
            errors.Add(new("weight", "no setting is given; name weight, cap, queued_max or npm_scripts"));
        }

        return errors;
    }
}

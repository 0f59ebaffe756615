namespace QualGent.Simulation.Model;

/// <summary>A device as the queue should know it.</summary>
internal sealed class ModelDevice
{
    /// <summary>Who owns it.</summary>
    public required string Agent { get; set; }

    public long Epoch { get; set; }

    /// <summary>It has an owner whose lease has not been taken away.</summary>
    public bool Online { get; set; }

    public long LeaseEndMs { get; set; }
}

/// <summary>What is known of a group's installations.</summary>
internal sealed class ModelGroup
{
    /// <summary>Devices on which its build did not install since it last worked.</summary>
    public HashSet<string> FailedOn { get; } = [];

    /// <summary>Jobs accepted until then end without being tried; -1: never.</summary>
    public long CondemnedMs { get; set; } = -1;
}

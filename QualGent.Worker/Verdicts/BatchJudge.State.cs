using QualGent.Contracts;

namespace QualGent.Worker.Verdicts;

/// <summary>What is known so far, of every file and of the round that runs.</summary>
public sealed partial class BatchJudge
{
    private enum Progress
    {
        Waiting = 0,
        Running = 1,
        Alone = 2,
        Judged = 3,
    }

    private sealed class FileState(string name)
    {
        public string Name { get; } = name;
        public Progress State { get; set; }
        public bool Begun { get; set; }
        public bool Installed { get; set; }
        public string? Failure { get; set; }
        public string? Doubt { get; set; }
        public FileVerdict? OutOfTime { get; set; }
        public TimeSpan? Duration { get; set; }
        public TestCounts? Tests { get; set; }
        public TimeSpan? InstallTime { get; set; }
        public TestCases Cases { get; private set; } = new();

        /// <summary>Events a verdict will rest on.</summary>
        public List<string> Events { get; private set; } = [];

        public void Reset(Progress state) =>
            (State, Begun, Failure, Doubt, OutOfTime, Duration, Tests, Cases, Events) = (state, false, null, null, null, null, null, new TestCases(), []);

        public void RestsOn(string heard)
        {
            if (Events.Count == 0 || Events[^1] != heard)
            {
                Events.Add(heard);
            }
        }
    }

    private sealed class RoundState(List<FileState> files)
    {
        public List<FileState> Files { get; } = files;
        public bool Alone { get; init; }
        public HashSet<string> Planned { get; set; } = [];
        public List<FileState> Missing { get; } = [];
        public FileState? Current { get; set; }
        public FileState? Passed { get; set; }
        public bool SaidNoTests { get; set; }

        /// <summary>A file was found that kept the whole round from running.</summary>
        public bool Explained { get; set; }

        public string? SetupFailure { get; set; }

        /// <summary>Nothing ran because of this, and nobody knows whose it is.</summary>
        public FileVerdict? Obstacle { get; set; }

        public (string Kind, string? Message)? Fault { get; set; }
    }
}

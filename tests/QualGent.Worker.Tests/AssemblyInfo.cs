// Agents are processes and tests have deadlines: one at a time, so that two cores suffice.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

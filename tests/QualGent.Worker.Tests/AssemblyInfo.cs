// Agents, phones and watchdogs wait more than they work: three classes at once keep two cores busy.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

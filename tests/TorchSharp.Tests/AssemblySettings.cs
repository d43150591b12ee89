// The tests count live tensors and switch thread-wide and process-wide modes: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

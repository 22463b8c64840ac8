using InMARS.Pipeline.Outcomes;

namespace InMARS.Pipeline.Stages;

/// <summary>The pure part of a stage: borrows its input, returns a fresh output or a fault, and has no other effect.</summary>
public delegate Result<TOut> Kernel<in TIn, TOut>(TIn input, ItemContext item);

/// <summary>A kernel that waits for input or output, such as a web call; the token is the run's.</summary>
public delegate Task<Result<TOut>> AsyncKernel<in TIn, TOut>(TIn input, ItemContext item, CancellationToken stop);

/// <summary>A kernel with a resource that was opened once for the flow and is shared by all its calls.</summary>
public delegate Result<TOut> ResourceKernel<in TResource, in TIn, TOut>(TResource resource, TIn input, ItemContext item);

/// <summary>One step of a fold: changes the state and emits none, one or several outputs.</summary>
public delegate Result<IReadOnlyList<TOut>> FoldKernel<in TState, in TIn, TOut>(TState state, TIn input, ItemContext item);

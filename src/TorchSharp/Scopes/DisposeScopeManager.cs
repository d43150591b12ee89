namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread.</summary>
internal sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _current;

    /// <summary>The calling thread's stack.</summary>
    public static DisposeScopeManager OfThread => _current ??= new DisposeScopeManager();

    /// <summary>The innermost open scope.</summary>
    public DisposeScope? Innermost { get; private set; }

    /// <summary>Opens a scope inside the innermost one.</summary>
    public DisposeScope Open() => Innermost = new DisposeScope(this, Innermost);

    /// <summary>Takes a scope out of the stack; usually the innermost, but any may be disposed early.</summary>
    public void Close(DisposeScope closed)
    {
        if (Innermost == closed)
        {
            Innermost = closed.Outer;
            return;
        }

        for (DisposeScope? scope = Innermost; scope is not null; scope = scope.Outer)
        {
            if (scope.Outer == closed)
            {
                scope.Outer = closed.Outer;
                return;
            }
        }
    }
}

public static partial class torch
{
    /// <summary>The innermost open scope of this thread; null where none is open.</summary>
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.OfThread.Innermost;

    /// <summary>
    /// Opens a scope: every tensor that this thread creates until it is disposed is disposed with it, unless it was
    /// moved out or detached. Scopes belong to their thread and do not follow <c>await</c>.
    /// </summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();
}

namespace TorchSharp;

/// <summary>
/// Owns the disposables that its thread created while it was the innermost scope, and disposes them when it is
/// disposed. Opened by <see cref="torch.NewDisposeScope"/>.
/// </summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private HashSet<IDisposable> _owned = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        _manager = manager;
        Outer = outer;
    }

    /// <summary>How many disposables the scope owns.</summary>
    public int DisposablesCount => _owned.Count;

    /// <summary>What the scope owns now, copied.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => [.. _owned];

    /// <summary>The scope that was innermost when this one was opened.</summary>
    internal DisposeScope? Outer { get; set; }

    /// <summary>Whether the scope owns the disposable.</summary>
    public bool Contains(IDisposable disposable) => _owned.Contains(disposable);

    /// <summary>Takes a disposable over, from its scope if it has one.</summary>
    public void Attach(IDisposable disposable) => MoveOwner(disposable, this);

    /// <summary>Takes disposables over, from their scopes if they have one.</summary>
    public void Attach(params IDisposable[] disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            Attach(disposable);
        }
    }

    /// <summary>Takes disposables over, from their scopes if they have one, and returns them.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        IDisposable[] all = [.. disposables];
        Attach(all);
        return all;
    }

    /// <summary>Gives the disposable to nobody: it lives until it is disposed itself.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable => MoveToOther(null, disposable);

    /// <summary>Gives the disposables to nobody: they live until they are disposed themselves.</summary>
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => MoveToOther(null, first, second);

    /// <summary>Gives the disposables to nobody: they live until they are disposed themselves.</summary>
    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => MoveToOther(null, first, second, third);

    /// <summary>Gives the disposables to nobody: they live until they are disposed themselves.</summary>
    public void Detach(params IDisposable[] disposables) => MoveToOther(null, disposables);

    /// <summary>Gives the disposables to nobody: they live until they are disposed themselves.</summary>
    public void Detach(IEnumerable<IDisposable> disposables) => MoveToOther(null, disposables);

    /// <summary>Gives the disposable to the scope outside this one, or to nobody where there is none.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(Outer, disposable);

    /// <summary>Gives the disposables to the scope outside this one, or to nobody where there is none.</summary>
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => MoveToOther(Outer, first, second);

    /// <summary>Gives the disposables to the scope outside this one, or to nobody where there is none.</summary>
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => MoveToOther(Outer, first, second, third);

    /// <summary>Gives the disposables to the scope outside this one, or to nobody where there is none.</summary>
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, disposables);

    /// <summary>Gives the disposables to the scope outside this one, or to nobody where there is none.</summary>
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    /// <summary>Gives the disposable, if this scope owns it, to another scope, or to nobody (null).</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        if (_owned.Contains(disposable))
        {
            MoveOwner(disposable, scope);
        }

        return disposable;
    }

    /// <summary>Gives the disposables that this scope owns to another scope, or to nobody (null).</summary>
    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second));

    /// <summary>Gives the disposables that this scope owns to another scope, or to nobody (null).</summary>
    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    /// <summary>Gives the disposables that this scope owns to another scope, or to nobody (null).</summary>
    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    /// <summary>Gives the disposables that this scope owns to another scope, or to nobody (null).</summary>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables)
        {
            MoveToOther(scope, disposable);
        }
    }

    /// <summary>Disposes what the scope owns and stays open.</summary>
    public void DisposeEverything() => DisposeEverythingBut([]);

    /// <summary>Disposes what the scope owns, except what is named, and stays open.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        HashSet<IDisposable> keep = new(inKeep, ReferenceEqualityComparer.Instance);
        HashSet<IDisposable> owned = _owned;
        _owned = keep;
        foreach (IDisposable disposable in owned)
        {
            if (keep.Contains(disposable))
            {
                continue;
            }

            if (disposable is torch.Tensor tensor)
            {
                tensor.DisposeByOwner();
            }
            else
            {
                disposable.Dispose();
            }
        }

        keep.IntersectWith(owned);
    }

    /// <summary>Disposes what the scope owns, except what is named, and stays open.</summary>
    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    /// <summary>Disposes what the scope owns, except what is named, and stays open.</summary>
    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    /// <summary>Disposes what the scope owns, except what is named, and stays open.</summary>
    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    /// <summary>Disposes what the scope owns, except what is named, and stays open.</summary>
    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    /// <summary>Tells the scope that something it owns was disposed by somebody else.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        _owned.Remove(disposable);
        if (disposable is torch.Tensor tensor)
        {
            tensor.Owner = null;
        }
    }

    /// <summary>Disposes what the scope owns and closes it.</summary>
    public void Dispose()
    {
        DisposeEverything();
        _manager.Close(this);
    }

    /// <summary>Registers a disposable that has no owner yet.</summary>
    internal void Add(IDisposable disposable) => _owned.Add(disposable);

    private void MoveOwner(IDisposable disposable, DisposeScope? scope)
    {
        torch.Tensor? tensor = disposable as torch.Tensor;
        (tensor is null ? this : tensor.Owner)?._owned.Remove(disposable);
        scope?._owned.Add(disposable);
        if (tensor is not null)
        {
            tensor.Owner = scope;
        }
    }
}

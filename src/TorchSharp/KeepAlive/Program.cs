using KeepAlive;

// KeepAlive ORIGINAL REWRITTEN: see NativeCallLifetimes.
NativeCallLifetimes.Rewrite(args[0], args[1]);

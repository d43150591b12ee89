Console.WriteLine("Benchmarks are named on the command line.");

namespace AuditKit.Statistics;

/// <summary>Finds where a condition stops to hold, to the last bit.</summary>
internal static class Bisection
{
    /// <summary>The last number between the two, seen from <paramref name="inside"/>, at which the condition holds.</summary>
    /// <param name="holds">A condition that holds up to some point and not beyond it.</param>
    /// <param name="inside">Where it holds.</param>
    /// <param name="outside">Where it does not.</param>
    public static double Boundary(Func<double, bool> holds, double inside, double outside)
    {
        while (true)
        {
            double middle = inside + ((outside - inside) / 2);
            if (middle == inside || middle == outside)
            {
                return inside;
            }

            (inside, outside) = holds(middle) ? (middle, outside) : (inside, middle);
        }
    }
}

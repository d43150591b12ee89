namespace AuditKit.Checks;

/// <summary>Embeddings e = F(x): what the model makes of an image before its last layer.</summary>
internal static class Embedding
{
    /// <summary>The L2 distance D(a, b) = ‖a − b‖₂, summed in double precision.</summary>
    public static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return (float)Math.Sqrt(sum);
    }
}

using AuditKit.Evidence;
using AuditKit.Imaging;
using AuditKit.Results;

namespace AuditKit.Checks.Tta;

/// <summary>What the first sub-policies of a policy, its best, make of an image: kept in the evidence and shown side by side.</summary>
internal static class PolicyPictures
{
    /// <summary>Sub-policies that are shown.</summary>
    private const int Most = 8;

    private const string Original = "original";

    /// <summary>Keeps the pictures of one image.</summary>
    /// <param name="context">The check under way.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="image">The image's index.</param>
    public static void Keep(CheckContext context, PolicyViews policy, int image)
    {
        Condition condition = Condition(policy);
        context.Evidence.DeleteExamples(condition);
        Write(Original, new Central(), 0);
        for (int sample = 0; sample < Math.Min(Most, policy.Policy.SubPolicies.Count); sample++)
        {
            Write($"{sample + 1}. {policy.Policy.SubPolicies[sample]}", policy, sample);
        }

        void Write(string label, IViews views, int sample)
        {
            var variant = new TtaVariant(views, "", null, [sample + 1]);
            float[] pixels = new float[context.Model.Input.Length];
            TtaPass.Prepare(context, variant, [image], TtaPass.Sources(context, variant, [image]), sample, pixels);
            context.Evidence.WriteExample(condition, image, label, InputImage.From(pixels, context.Model.Input));
        }
    }

    /// <summary>The pictures that were kept.</summary>
    public static IEnumerable<Example> Read(EvidenceStore evidence, PolicyViews policy)
    {
        (int Image, string Label, Image Pixels)[] panels = [.. evidence.Examples(Condition(policy))];
        return panels.Length == 0 ? [] :
        [
            new Example(
                $"{evidence.Image(panels[0].Image).Source}: what the first sub-policies of {policy.Name} show the model.",
                [.. panels.Select(panel => new ExamplePanel(panel.Label, panel.Pixels))])
            {
                Image = panels[0].Image,
                Facts = [new("Changed by", policy.Name)],
            },
        ];
    }

    private static Condition Condition(PolicyViews policy) => new(ConditionKind.Shown, TtaCheck.Key, policy.Name, ("views", policy.Name));
}

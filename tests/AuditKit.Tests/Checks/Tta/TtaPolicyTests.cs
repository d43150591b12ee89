using AuditKit.Checks.Tta;
using AuditKit.Data;
using AuditKit.Imaging;
using AuditKit.Imaging.Augmentations;

namespace AuditKit.Tests.Checks.Tta;

public sealed class TtaPolicyTests
{
    private const string Header = "\"format\": \"auditkit-tta-policy\", \"version\": 2, \"origin\": \"by hand\"";

    [Fact]
    public void A_policy_that_is_written_is_read_back()
    {
        string file = Path.GetTempFileName();
        try
        {
            var policy = new TtaPolicy([.. SubPolicy.Pool(3, 4, 4, 2)], "a test");
            policy.Write(file);
            TtaPolicy read = TtaPolicy.Read(file);
            Assert.Equal(policy.SubPolicies.Select(subPolicy => subPolicy.ToString()), read.SubPolicies.Select(subPolicy => subPolicy.ToString()));
            Assert.Equal(("a test", policy.Digest), (read.Origin, read.Digest));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_file_is_as_documented()
    {
        TtaPolicy policy = TtaPolicy.Parse("policy.json", $$"""
            { {{Header}}, "sub-policies": [
              { "operators": [{ "operator": "rotate", "magnitude": -12.5 }, { "operator": "color", "magnitude": 3 }], "crop-flip": true },
              { "operators": [], "crop-flip": true }, { "operators": [], "crop-flip": false }] }
            """);
        Assert.Equal(["rotate -12.5 + color 3 + crop-flip", "crop-flip", "identity"], policy.SubPolicies.Select(subPolicy => subPolicy.ToString()));
        Assert.Equal("by hand", policy.Origin);
    }

    [Fact]
    public void The_digest_is_of_what_a_policy_does()
    {
        TtaPolicy policy = new([SubPolicy.Pool(1)[700]], "here");
        Assert.Equal(policy.Digest, (policy with { Origin = "there" }).Digest);
        Assert.NotEqual(policy.Digest, new TtaPolicy([SubPolicy.Pool(1)[701]], "here").Digest);
    }

    [Theory]
    [InlineData("{", "policy.json is no policy")]
    [InlineData("[]", "policy.json is no policy")]
    [InlineData("{\"format\": \"other\", \"version\": 1}", "auditkit-tta-policy")]
    [InlineData("{\"format\": \"auditkit-tta-policy\", \"version\": 3}", "\"version\": 2")]
    [InlineData("{\"format\": \"auditkit-tta-policy\", \"version\": 1, \"origin\": \"\", \"sub-policies\": [[{\"operator\": \"rotate\", \"magnitude\": 3}]]}",
        "Search the policy again")]
    [InlineData("{H, \"sub-policies\": []}", "1 to 1000 sub-policies")]
    [InlineData("{H, \"sub-policies\": [[]]}", "policy.json is no policy")]
    [InlineData("{H, \"sub-policies\": [{\"operators\": [{\"operator\": \"melt\", \"magnitude\": 1}], \"crop-flip\": true}]}", "'melt' is no operator")]
    [InlineData("{H, \"sub-policies\": [{\"operators\": [{\"operator\": \"rotate\", \"magnitude\": -300}], \"crop-flip\": true}]}", "between -45 and 45")]
    [InlineData("{H, \"sub-policies\": [{\"operators\": [{\"operator\": \"rotate\"}], \"crop-flip\": true}]}", "policy.json is no policy")]
    [InlineData("{H, \"searched-on\": \"content:AAAA\", \"sub-policies\": [{\"operators\": [], \"crop-flip\": true}]}", "not eight bytes each")]
    [InlineData("{H, \"sub-policies\": [[[[[[[[[[1]]]]]]]]]]}", "policy.json is no policy")]
    public void What_is_no_policy_is_refused_with_the_reason(string json, string message)
    {
        var error = Assert.Throws<AuditException>(() => TtaPolicy.Parse("policy.json", json.Replace("H,", Header + ",")));
        Assert.Contains(message, error.Message);
        Assert.Equal(ExitCode.Usage, error.ExitCode);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
        => Assert.Contains("nowhere.json cannot be read", Assert.Throws<AuditException>(() => TtaPolicy.Read("/tmp/nowhere.json")).Message);

    [Fact]
    public void The_published_pool_has_its_parts_and_follows_from_the_seed()
    {
        IReadOnlyList<SubPolicy> pool = SubPolicy.Pool(5);
        Assert.Equal(1101, pool.Count);
        Assert.Equal("identity", pool[0].ToString());
        Assert.All(pool.Skip(1).Take(100), subPolicy => Assert.Equal("crop-flip", subPolicy.ToString()));
        Assert.All(pool.Skip(101), subPolicy => Assert.Equal((3, true), (subPolicy.Steps.Count, subPolicy.CropFlip)));
        PolicyStep[][] drawn = [.. new[] { 101, 601 }.Select(start => pool.Skip(start).Take(500).SelectMany(subPolicy => subPolicy.Steps).ToArray())];
        Assert.Equal([-20, 20, -45, 45], drawn.SelectMany(steps => new[] { steps.Min(step => step.Magnitude), steps.Max(step => step.Magnitude) })
            .Select(magnitude => Math.Round(magnitude)));
        Assert.All(drawn, steps => Assert.Equal(0, steps.Average(step => step.Magnitude) / steps.Max(step => step.Magnitude), 0.06));
        Assert.All(drawn, steps => Assert.Equal(15, steps.Select(step => step.Augmentation.Name).Distinct().Count()));
        Assert.Equal(pool.Select(subPolicy => subPolicy.ToString()), SubPolicy.Pool(5).Select(subPolicy => subPolicy.ToString()));
        Assert.NotEqual(pool[500].ToString(), SubPolicy.Pool(6)[500].ToString());
    }

    [Fact]
    public void Operators_come_first_and_a_crop_of_the_models_size_and_a_flip_last()
    {
        // Brightness 0 would be black: factor 1 + 0.8·(−37.5)/30 = 0. The crop is taken from what the operators leave.
        var image = new Image(6, 6, 1, [.. Enumerable.Range(100, 36).Select(i => (byte)i)]);
        SubPolicy Of(double magnitude, bool cropFlip) => new([new(Augmentation.All["brightness"], magnitude)], cropFlip);
        CounterRandom Draws() => CounterRandom.For(1, "draws", 3);
        Assert.All(Of(-37.5, true).Apply(image, new(1, 4, 4), Draws()).Samples, level => Assert.Equal(0, level));
        Image cropped = Of(10, true).Apply(image, new(1, 4, 4), Draws());
        Assert.Equal(Crops.RandomCropAndFlip(Enhancement.Brightness(image, 1 + (0.8 / 3)), 4, 4, Draws()).Samples, cropped.Samples);
        Assert.Equal(36, Of(10, false).Apply(image, new(1, 4, 4), Draws()).Samples.Length);

        // Below half a step of magnitude nothing is done.
        Assert.Equal(image.Samples, Of(0.49, false).Apply(image, new(1, 4, 4), Draws()).Samples);
        Assert.NotEqual(image.Samples, Of(-0.5, false).Apply(image, new(1, 4, 4), Draws()).Samples);
    }

    [Fact]
    public void A_policy_keeps_the_images_that_it_was_searched_on()
    {
        using var data = SyntheticData.Pixels([1, 2, 3]);
        var policy = new TtaPolicy([new([])], "here") { SearchedOn = ImageDigests.Of(data, threads: 1) };
        Assert.Equal(3, TtaPolicy.Parse("policy.json", policy.ToJson()).SearchedOn!.Shared(policy.SearchedOn));
        Assert.Equal(policy.Digest, (policy with { SearchedOn = null }).Digest);

        // What an older AuditKit wrote cannot be compared, so it is not known either.
        string older = policy.ToJson().Replace("content:", "", StringComparison.Ordinal);
        Assert.Null(TtaPolicy.Parse("policy.json", older).SearchedOn);
    }

    [Fact]
    public void A_sample_of_RandAugment_is_the_same_sub_policy_for_all_images()
    {
        var views = new RandAugment(seed: 3, operators: 3, magnitude: 20);
        var image = new Image(8, 8, 1, [.. Enumerable.Range(0, 64).Select(i => (byte)(3 * i))]);
        for (int sample = 0; sample < 5; sample++)
        {
            SubPolicy subPolicy = views.Sample(sample);
            for (int of = 0; of < 3; of++)
            {
                Assert.Equal(
                    subPolicy.Apply(image, new(1, 8, 8), CounterRandom.For(1, "x", of)).Samples,
                    views.Make(image, new(1, 8, 8), sample, CounterRandom.For(1, "x", of)).Samples);
            }
        }

        Assert.Equal(("randaugment", "randaugment-3-20"), (views.Key, views.Name));
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(45, 4)]
    public void RandAugment_is_no_part_of_the_pool_that_policies_are_chosen_from(int magnitude, int before)
    {
        SubPolicy[] pool = [.. SubPolicy.Pool(3, 2, 2, 1).Skip(before).Take(2)];
        var views = new RandAugment(seed: 3, operators: 3, magnitude);
        for (int i = 0; i < 2; i++)
        {
            // A pool's draws stay what they were: policies that were searched depend on them.
            Assert.Equal(SubPolicy.Draw(CounterRandom.For(3, $"tta/pool/{magnitude}", i), 3, magnitude).ToString(), pool[i].ToString());
            Assert.NotEqual(pool[i].ToString(), views.Sample(i).ToString());
        }

        Assert.NotEqual(new RandAugment(3, 2, magnitude).Sample(0).Steps[0], views.Sample(0).Steps[0]);
        Assert.NotEqual(((IViews)new CropFlip()).Edition, views.Edition);
        Assert.Equal("2", ((IViews)new CropFlip()).Edition);
    }
}

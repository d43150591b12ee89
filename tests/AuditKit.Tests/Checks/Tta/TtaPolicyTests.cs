using AuditKit.Checks.Tta;

namespace AuditKit.Tests.Checks.Tta;

public sealed class TtaPolicyTests
{
    private const string Header = "\"format\": \"auditkit-tta-policy\", \"version\": 1, \"origin\": \"by hand\"";

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
            { {{Header}}, "sub-policies": [[{ "operator": "rotate", "magnitude": 12.5 }, { "operator": "color", "magnitude": 3 }], [{ "operator": "crop-flip", "magnitude": 0 }]] }
            """);
        Assert.Equal(["rotate 12.5 + color 3", "crop-flip 0"], policy.SubPolicies.Select(subPolicy => subPolicy.ToString()));
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
    [InlineData("{\"format\": \"auditkit-tta-policy\", \"version\": 2}", "\"version\": 1")]
    [InlineData("{H, \"sub-policies\": []}", "1 to 1000 sub-policies")]
    [InlineData("{H, \"sub-policies\": [[]]}", "1 to 10 operators")]
    [InlineData("{H, \"sub-policies\": [[{\"operator\": \"melt\", \"magnitude\": 1}]]}", "'melt' is no operator")]
    [InlineData("{H, \"sub-policies\": [[{\"operator\": \"rotate\", \"magnitude\": 300}]]}", "between 0 and 45")]
    [InlineData("{H, \"sub-policies\": [[{\"operator\": \"rotate\"}]]}", "policy.json is no policy")]
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
        Assert.Equal("identity 0", pool[0].ToString());
        Assert.All(pool.Skip(1).Take(100), subPolicy => Assert.Equal("crop-flip 0", subPolicy.ToString()));
        Assert.All(pool.Skip(101), subPolicy => Assert.Equal(3, subPolicy.Steps.Count));
        Assert.InRange(pool.Skip(101).Take(500).SelectMany(subPolicy => subPolicy.Steps).Max(step => step.Magnitude), 19, 20);
        Assert.InRange(pool.Skip(601).SelectMany(subPolicy => subPolicy.Steps).Max(step => step.Magnitude), 44, 45);
        Assert.Equal(pool.Select(subPolicy => subPolicy.ToString()), SubPolicy.Pool(5).Select(subPolicy => subPolicy.ToString()));
        Assert.NotEqual(pool[500].ToString(), SubPolicy.Pool(6)[500].ToString());
    }
}

using AuditKit.Training.Loop;

namespace AuditKit.Training.Tests.Remedies.Transfer;

/// <summary>
/// What methods keep of the start is not in the checkpoint: a run that goes on has to take it from the start again, not from the weights it resumes.
/// </summary>
public sealed class ResumedTransferTests
{
    [Theory]
    [InlineData("{ name: l2-sp, beta: 0.5, alpha: 0.1 }")]
    [InlineData("{ name: delta, beta: 0.0001 }")]
    [InlineData("{ name: delta, beta: 0.0001, attention: true }")]
    public void A_run_that_is_killed_goes_on_to_the_network_of_an_unbroken_one(string method)
    {
        using var unbroken = new StripesTask(method, batch: 32);
        Trainer whole = unbroken.Train();

        using var broken = new StripesTask(method, batch: 32);
        broken.TrainAndKill(epoch: 2);
        using var resumed = new StripesTask(method, batch: 32);
        Trainer rest = resumed.Train(broken.Checkpoint);

        Assert.Equal(whole.History, rest.History);
        Assert.Equal(
            unbroken.Network.Parameters.Values.SelectMany(parameter => parameter.data<float>()),
            resumed.Network.Parameters.Values.SelectMany(parameter => parameter.data<float>()));
    }
}

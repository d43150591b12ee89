namespace AuditKit.Checks;

/// <summary>
/// Who of several shards does what, so that their costs are equal. Work that cannot be divided is given away first, the largest first; then the
/// images, in the order in which attacks go through them; each to the shard that has least to do (Graham, Bounds on Multiprocessing Timing Anomalies,
/// 1969). Where there is nothing but images, that is one shard after the other.
/// </summary>
internal sealed class Deal
{
    private readonly int _shards;
    private readonly int _attacked;
    private readonly int[] _owners;
    private readonly Dictionary<string, int> _works;

    /// <summary>Deals an audit's work.</summary>
    /// <param name="costs">What each check costs.</param>
    /// <param name="images">Number of audited images.</param>
    /// <param name="shards">Number of shards.</param>
    public Deal(IReadOnlyList<CheckCost> costs, int images, int shards)
    {
        (_shards, _attacked) = (shards, costs.Select(cost => cost.Attacked).DefaultIfEmpty().Max());
        _owners = new int[images];
        _works = [];
        // Of shards with as little to do the first.
        var least = new PriorityQueue<int, (long Cost, int Shard)>(Enumerable.Range(0, shards).Select(shard => (shard, (0L, shard))));
        foreach ((string work, long cost) in costs.SelectMany(cost => cost.Undivided).OrderByDescending(work => work.Value).ThenBy(
            work => work.Key, StringComparer.Ordinal))
        {
            _works[work] = Give(cost);
        }

        long perImage = 1 + costs.Sum(cost => cost.PerImage);
        for (int place = 0; place < images; place++)
        {
            _owners[place] = Give(perImage + costs.Where(cost => place < cost.Attacked).Sum(cost => cost.PerAttacked));
        }

        int Give(long cost)
        {
            least.TryPeek(out int shard, out (long Cost, int) before);
            least.DequeueEnqueue(shard, (before.Cost + cost, shard));
            return shard;
        }
    }

    /// <summary>Number of audited images.</summary>
    public int Images => _owners.Length;

    /// <summary>The shard, from 0, that an image falls to, or another thing that is dealt in turn.</summary>
    /// <param name="place">Its place in the order of dealing, from 0; the images' order is that of <see cref="AttackSample.Order"/>.</param>
    public int Owner(int place) => place < _owners.Length ? _owners[place] : place % _shards;

    /// <summary>The shard, from 0, that undivided work falls to.</summary>
    public int Owner(string work) => _works[work];

    /// <summary>
    /// Which images a shard shows the model though they may be another's: all of them for work that is not divided, and those that are attacked, for
    /// an attack's sample leaves out what is not answered correctly. By index.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="seed">The audit's seed.</param>
    /// <param name="count">Number of images in the set; none where it is another set than the audited one.</param>
    public bool[] Shown(Shard shard, long seed, int count)
    {
        bool[] shown = new bool[count];
        if (count != Images)
        {
            return shown;
        }

        if (_works.Values.Any(shard.Is))
        {
            Array.Fill(shown, true);
        }
        else if (_attacked > 0)
        {
            foreach (int image in AttackSample.Order(seed, count).Take(_attacked))
            {
                shown[image] = true;
            }
        }

        return shown;
    }

    /// <summary>The shard, from 0, of each image of the audited data or of another data set, by index.</summary>
    /// <param name="seed">The audit's seed.</param>
    /// <param name="count">Number of images in the set.</param>
    public int[] Owners(long seed, int count)
    {
        int[] owners = new int[count];
        foreach ((int place, int image) in AttackSample.Order(seed, count).Index())
        {
            // Another set costs the same for each image.
            owners[image] = count == Images ? Owner(place) : place % _shards;
        }

        return owners;
    }
}

using InMARS.Stages.Learning;
using static TorchSharp.torch;

namespace InMARS.Tests.Stages.Learning;

public class HeadAgreementTests
{
    [Fact]
    public void One_head_leads()
    {
        var agreement = new HeadAgreement(1, 3);

        Assert.Equal(0, agreement.Leading());
    }

    [Fact]
    public void The_head_that_divides_as_most_others_do_leads_whatever_numbers_they_use()
    {
        var agreement = new HeadAgreement(3, 3);

        // The first head is alone; the last two divide alike but for one superpixel and for their numbers.
        agreement.Note(Scores([[0, 1, 0, 1, 2, 2], [0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 1, 0]]));

        Assert.Equal(1, agreement.Leading());
    }

    [Fact]
    public void Large_superpixels_count_for_more()
    {
        int[][] choices = [[0, 0, 1, 1], [1, 0, 1, 1], [1, 0, 1, 0]];
        var (even, uneven) = (new HeadAgreement(3, 2), new HeadAgreement(3, 2));

        // Shared areas of the pairs 01, 12 and 02: 0.75, 0.75, 0.5 where all count alike; 0.7, 0.9, 0.8 here.
        even.Note(Scores(choices));
        uneven.Note(Scores(choices, 0.7f, 0.1f, 0.1f, 0.1f));

        Assert.Equal((1, 2), (even.Leading(), uneven.Leading()));
    }

    [Fact]
    public void What_is_long_past_is_forgotten()
    {
        var agreement = new HeadAgreement(3, 2);
        agreement.Note(Scores([[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 1]]));
        for (var i = 0; i < 300; i++)
        {
            agreement.Note(Scores([[0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1]]));
        }

        Assert.Equal(1, agreement.Leading());
    }

    [Fact]
    public void An_overclustering_head_behind_them_has_no_say()
    {
        var agreement = new HeadAgreement(2, 2);
        var scores = Scores([[0, 1], [1, 0]]);
        var more = scores with { Logits = cat([scores.Logits, randn(5, 2)], 0) };

        agreement.Note(more);

        Assert.Equal(0, agreement.Leading());
    }

    /// <param name="choices">A cluster for each superpixel, by head.</param>
    private static SuperpixelScores Scores(int[][] choices, params float[] weights)
    {
        var clusters = choices.Max(c => c.Max()) + 1;
        var logits = choices.SelectMany(own => Enumerable.Range(0, clusters).SelectMany(k => own.Select(c => c == k ? 5f : 0f))).ToArray();
        var superpixels = choices[0].Length;
        var even = Enumerable.Repeat(1f / superpixels, superpixels).ToArray();
        return new SuperpixelScores(tensor(logits).view(-1, superpixels), tensor(weights.Length > 0 ? weights : even));
    }
}

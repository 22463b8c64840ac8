using InMARS.Stages.Evaluation;

namespace InMARS.Tests.Stages.Evaluation;

public class EvaluationEntriesTests
{
    [Fact]
    public void Every_entry_describes_its_options() =>
        Assert.Equal(
            [
                "evaluate.hungarian: classes=, fit.share=all, fit.seed=1, fit.keys=, fit=, score.keys=, score=, bootstrap=1000",
                "evaluate.checkpoints: model=, paint=superpixel, pooling=logits, classes=, fit.share=all, fit.seed=1, fit.keys=, fit=, score.keys=, score=, bootstrap=1000",
                "pairs.decode: ignore=255, resize=none, classes=, strict=false, max_pixels=100000000",
            ],
            EvaluationEntries.All.Select(e => $"{e.Name}: {string.Join(", ", e.Options.Select(o => $"{o.Key}={o.Default}"))}"));
}

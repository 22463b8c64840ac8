using InMARS.Cli.Sweeps;
using InMARS.Pipeline.Stages;
using InMARS.Pipeline.Sweeps;

namespace InMARS.Tests.Cli;

public class SweepMarkdownTests
{
    private static readonly SweepRun[] Runs =
    [
        Run("street", "ours", 1, 0.7, 60), Run("street", "ours", 2, 0.8, 80),
        Run("street", "theirs", 1, 0.5, 30), Failed("street", "theirs", 2),
        Run("field", "ours", 1, 0.25, 10), Run("field", "ours", 2, 0.25, 10),
        Failed("field", "theirs", 1), Failed("field", "theirs", 2),
    ];

    [Fact]
    public void Tables_hold_mean_deviation_and_every_seed()
    {
        var plan = new SweepPlan("both", "runs/both", [.. Runs.Select(r => r.Plan)]);

        var text = SweepMarkdown.Of(plan, Runs);

        Assert.Equal(
            """
            # both

            2 tasks x 2 variants x 2 seeds: 5 of 8 runs finished. Mean ± standard deviation of the sample (n - 1) over the seeds. Threads: 2. Made by inmars 1.0.0+0123456789.

            ## accuracy

            | variant | result |          street |           field |
            | ------- | ------ | --------------: | --------------: |
            | ours    | score  | 0.7500 ± 0.0707 | 0.2500 ± 0.0000 |
            | theirs  | score  |          0.5000 |               - |

            ## street

            | variant | result |        accuracy | images | seeds | time of a run |
            | ------- | ------ | --------------: | -----: | ----: | ------------: |
            | ours    | score  | 0.7500 ± 0.0707 |     12 |     2 |   1:10 ± 0:14 |
            | theirs  | score  |          0.5000 |     12 |     1 |          0:30 |

            | variant | result | figure   |   mean |     sd | seed 1 | seed 2 |
            | ------- | ------ | -------- | -----: | -----: | -----: | -----: |
            | ours    | score  | accuracy | 0.7500 | 0.0707 | 0.7000 | 0.8000 |
            | ours    | run    | time     |   1:10 |   0:14 |   1:00 |   1:20 |
            | theirs  | score  | accuracy | 0.5000 |      - | 0.5000 |      - |
            | theirs  | run    | time     |   0:30 |      - |   0:30 |      - |

            - score: Protocol: all of street.

            ## field

            | variant | result |        accuracy | images | seeds | time of a run |
            | ------- | ------ | --------------: | -----: | ----: | ------------: |
            | ours    | score  | 0.2500 ± 0.0000 |     12 |     2 |          0:10 |

            | variant | result | figure   |   mean |     sd | seed 1 | seed 2 |
            | ------- | ------ | -------- | -----: | -----: | -----: | -----: |
            | ours    | score  | accuracy | 0.2500 | 0.0000 | 0.2500 | 0.2500 |
            | ours    | run    | time     |   0:10 |   0:00 |   0:10 |   0:10 |

            - score: Protocol: all of field.

            ## Not finished

            - street / theirs / seed 2: the disk is full
            - field / theirs / seed 1: the disk is full
            - field / theirs / seed 2: the disk is full


            """,
            text);
    }

    [Fact]
    public void The_csv_has_a_line_for_every_figure_with_a_column_for_every_seed()
    {
        var plan = new SweepPlan("both", "runs/both", [.. Runs.Select(r => r.Plan)]);

        var lines = SweepData.Csv(plan, Runs).Split('\n');

        Assert.Equal("task,variant,result,figure,n,mean,sd,seed_1,seed_2", lines[0]);
        Assert.Contains("street,ours,run,seconds,2,70,14.142135623730951,60,80", lines);
        Assert.Contains("street,theirs,score,accuracy,1,0.5,,0.5,", lines);
        Assert.Equal(1 + 3 * 4 + 1, lines.Length);
    }

    private static SweepRun Run(string task, string variant, long seed, double accuracy, double seconds) => new(
        Plan(task, variant, seed),
        new RunRecord("", "1.0.0+0123456789abcdef", seconds, 0, [
            new RunResult("train", "learn", [new("loss", -1)], []),
            new RunResult("score", "evaluate", [new("accuracy", accuracy), new("images", 12)], [$"Protocol: all of {task}.", "Else."]),
        ]),
        null);

    private static SweepRun Failed(string task, string variant, long seed) => new(Plan(task, variant, seed), null, "the disk is full");

    private static PlannedRun Plan(string task, string variant, long seed) =>
        new(task, variant, seed, new RunSettings("seed", seed, "runs", "cpu", 2, 0, "cache", new RejectPolicy()), "");
}

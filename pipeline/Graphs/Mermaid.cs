using System.Globalization;
using System.Text;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A graph as Mermaid text.</summary>
public static class Mermaid
{
    /// <param name="image">What the source gives, to tell the bytes that each stage writes for an image; null to tell none.</param>
    public static string Of(FlowPlan plan, long budgetBytes, ImageShape? image = null)
    {
        var written = 0L;
        var text = new StringBuilder("flowchart LR\n");
        text.Append(CultureInfo.InvariantCulture, $"  subgraph {plan.Name}[\"{plan.Name}, {plan.Epochs} {(plan.Epochs == 1 ? "epoch" : "epochs")}\"]\n");
        var nodes = plan.Graph.Nodes;
        var last = nodes.Count(n => n.Gives != typeof(void)) - 1;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            text.Append(CultureInfo.InvariantCulture, $"    {plan.Name}{i}[\"{node.Name}<br/>parallelism {node.Flow.Parallelism}, capacity {node.Flow.Capacity}{Copies(node)}\"]\n");
            if (i > 0)
            {
                var from = Math.Min(i - 1, last);
                text.Append(CultureInfo.InvariantCulture, $"    {plan.Name}{from} -- {TypeNames.Of(nodes[from].Gives)} --> {plan.Name}{i}\n");
            }
        }

        text.Append("  end\n");
        text.Append(CultureInfo.InvariantCulture, $"%% {plan.Name}: at most {LiveBound.Items(plan.Graph)} items alive, in at most {budgetBytes / 1048576.0:0} MiB\n");
        if (image is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"%% {plan.Name}: {written:N0} bytes written for an image, files and what has no figure left out\n");
        }

        return text.ToString();

        string Copies(StageNode node)
        {
            if (image is not { } shape || node.Copies is not { } copies)
            {
                return "";
            }

            var (gives, bytes) = copies(shape);
            image = gives;
            written += bytes;
            return string.Create(CultureInfo.InvariantCulture, $"<br/>writes {bytes:N0} bytes for {gives.Width} x {gives.Height}");
        }
    }
}

using System.Globalization;
using System.Text;
using InMARS.Pipeline.Modules;
using InMARS.Pipeline.Stages;

namespace InMARS.Pipeline.Graphs;

/// <summary>A graph as Mermaid text.</summary>
public static class Mermaid
{
    /// <param name="source">What is known of its source, to tell the bytes that each stage fills for an item; null to tell none.</param>
    public static string Of(FlowPlan plan, long budgetBytes, Outlook? source = null)
    {
        var fillings = new Queue<Filling>(source is null ? [] : plan.Graph.Foresee(source).Fillings);
        var filled = fillings.Sum(f => f.Bytes);
        var text = new StringBuilder("flowchart LR\n");
        text.Append(CultureInfo.InvariantCulture, $"  subgraph {plan.Name}[\"{plan.Name}, {plan.Epochs} {(plan.Epochs == 1 ? "epoch" : "epochs")}\"]\n");
        var nodes = plan.Graph.Nodes;
        var last = nodes.Count(n => n.Gives != typeof(void)) - 1;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            text.Append(CultureInfo.InvariantCulture, $"    {plan.Name}{i}[\"{node.Name}<br/>parallelism {node.Flow.Parallelism}, capacity {node.Flow.Capacity}{Fills(node)}\"]\n");
            if (i > 0)
            {
                var from = Math.Min(i - 1, last);
                text.Append(CultureInfo.InvariantCulture, $"    {plan.Name}{from} -- {TypeNames.Of(nodes[from].Gives)} --> {plan.Name}{i}\n");
            }
        }

        text.Append("  end\n");
        text.Append(CultureInfo.InvariantCulture, $"%% {plan.Name}: at most {LiveBound.Items(plan.Graph)} items alive, in at most {budgetBytes / 1048576.0:0} MiB\n");
        if (source is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"%% {plan.Name}: {filled:N0} bytes filled for an item, files and what has no figure left out\n");
        }

        return text.ToString();

        string Fills(StageNode node) => fillings.TryPeek(out var next) && next.Stage == node.Name
            ? string.Create(CultureInfo.InvariantCulture, $"<br/>fills {fillings.Dequeue().Bytes:N0} bytes for {next.Extent.Width} x {next.Extent.Height}")
            : "";
    }
}

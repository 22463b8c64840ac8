using System.Text;
using InMARS.Pipeline.Modules;

namespace InMARS.Pipeline.Graphs;

/// <summary>A graph as Mermaid text.</summary>
public static class Mermaid
{
    public static string Of(FlowPlan plan, long budgetBytes)
    {
        var text = new StringBuilder("flowchart LR\n");
        text.Append($"  subgraph {plan.Name}[\"{plan.Name}, {plan.Epochs} {(plan.Epochs == 1 ? "epoch" : "epochs")}\"]\n");
        var nodes = plan.Graph.Nodes;
        var last = nodes.Count(n => n.Gives != typeof(void)) - 1;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            text.Append($"    {plan.Name}{i}[\"{node.Name}<br/>parallelism {node.Flow.Parallelism}, capacity {node.Flow.Capacity}\"]\n");
            if (i > 0)
            {
                var from = Math.Min(i - 1, last);
                text.Append($"    {plan.Name}{from} -- {TypeNames.Of(nodes[from].Gives)} --> {plan.Name}{i}\n");
            }
        }

        text.Append("  end\n");
        text.Append($"%% {plan.Name}: at most {LiveBound.Items(plan.Graph)} items alive, in at most {budgetBytes / 1048576.0:0} MiB\n");
        return text.ToString();
    }
}

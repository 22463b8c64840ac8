using InMARS.Bench;
using InMARS.Cli;
using InMARS.Cli.Execution;
using InMARS.Stages;

using var interrupt = new InterruptSignal();
return await BenchProgram.InvokeAsync(args, new Shell(Console.Out, Console.Error, [new StandardStages()], RunFacts.Settle, TimeProvider.System, interrupt.Token));

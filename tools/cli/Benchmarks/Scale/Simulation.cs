namespace InMARS.Cli.Benchmarks.Scale;

/// <summary>
/// A graph in virtual time: the stages, their order and what they may hold are those of the real one; in place of kernels there are
/// service times, and cores are shared evenly by all that want them. The same scenario gives the same figures, to the bit.
/// </summary>
internal sealed class Simulation
{
    private readonly Scenario _scenario;
    private readonly List<StageState> _stages;
    private readonly List<StageState> _sinks;
    private readonly List<Call> _running = [];
    private readonly double[] _busy;
    private double _now;
    private double _coreTime;
    private double _alive;
    private double _area;
    private double _peak;
    private int _read;

    private Simulation(Scenario scenario)
    {
        _scenario = scenario;
        _stages = [.. scenario.Stages.Select(s => new StageState(s))];
        _sinks = [.. _stages.Where(s => s.Stage.IsSink)];
        _busy = new double[_stages.Count];
    }

    /// <param name="scenario">A source first, sinks last; every stage with a capacity and a parallelism of 1 or more.</param>
    public static Simulated Run(Scenario scenario)
    {
        var simulation = new Simulation(scenario);
        simulation.Run();
        var end = simulation._now;
        return new Simulated(
            scenario, end / 1000, [.. simulation._busy.Select(b => b / 1000)], simulation._coreTime / 1000, simulation._peak, end > 0 ? simulation._area / end : 0);
    }

    private void Run()
    {
        Move();
        while (_running.Count > 0)
        {
            Pass();
            Move();
        }

        if (_read < _scenario.Items || _stages.Exists(s => !s.IsEmpty))
        {
            throw new InvalidOperationException($"the simulation stands still at {_now} ms with {_alive} items alive");
        }
    }

    /// <summary>Lets time pass until the first call ends, or a phase of it.</summary>
    private void Pass()
    {
        var wanted = _running.Sum(c => c.Wants);
        var share = wanted <= _scenario.Cores ? 1 : (double)_scenario.Cores / wanted;
        var step = _running.Min(c => c.Ahead(share));
        _now += step;
        _area += step * _alive;
        _coreTime += step * wanted * share;
        foreach (var call in _running)
        {
            _busy[call.Stage] += step;
            call.Advance(step, share);
        }

        _ = _running.RemoveAll(c => c.IsDone);
    }

    /// <summary>Moves messages on and begins calls until nothing more can happen at this moment.</summary>
    private void Move()
    {
        while (Read() | Forward() | Begin() | Finish())
        {
        }
    }

    /// <summary>The source begins to read when what it read before has gone on; the budget admits it then.</summary>
    private bool Read()
    {
        var source = _stages[0];
        if (_read == _scenario.Items || !source.HasRoom || !(_alive < _scenario.Alive || _alive <= _stages.Sum(s => s.Parked)))
        {
            return false;
        }

        _read++;
        _alive++;
        _peak = Math.Max(_peak, _alive);
        source.Take(new Message(1));
        return true;
    }

    private bool Forward()
    {
        var moved = false;
        for (var i = _stages.Count - 1; i >= 0; i--)
        {
            var (settled, left) = _stages[i].Settle();
            _alive -= left;
            moved |= settled;
            while (!_stages[i].Stage.IsSink && _stages[i].Ready is { } message && Accept(i, message))
            {
                _stages[i].Give();
                moved = true;
            }
        }

        return moved;
    }

    /// <summary>Every sink sees every message, when all have room.</summary>
    private bool Accept(int from, Message message)
    {
        var next = _stages[from + 1].Stage.IsSink ? _sinks : [_stages[from + 1]];
        if (next.Exists(s => !s.HasRoom))
        {
            return false;
        }

        next.ForEach(s => s.Take(message with { Items = message.Items / next.Count }));
        return true;
    }

    private bool Begin()
    {
        var begun = false;
        for (var i = 0; i < _stages.Count; i++)
        {
            while (_stages[i].Begin(i) is { } call)
            {
                call.Advance(0, 1);
                if (!call.IsDone)
                {
                    _running.Add(call);
                }

                begun = true;
            }
        }

        return begun;
    }

    private bool Finish()
    {
        if (_read < _scenario.Items)
        {
            return false;
        }

        for (var i = 0; i < _stages.Count; i++)
        {
            if (!_stages[i].IsEmpty)
            {
                return false;
            }

            if (_stages[i].Finish())
            {
                return true;
            }
        }

        return false;
    }
}

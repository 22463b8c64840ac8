using TorchSharp;

namespace InMARS.Tests;

public class SmokeTests
{
    [Fact]
    public void Torch_adds()
    {
        using var x = torch.ones(2) + 1;

        Assert.Equal(4f, x.sum().item<float>());
    }
}

using InMARS.Cli.Execution;
using InMARS.Pipeline.Outcomes;

namespace InMARS.Tests.Cli;

public class FailureTests
{
    public static TheoryData<Exception, string> Sentences => new()
    {
        { new RunException("cannot read 'a':\nno"), "cannot read 'a': no" },
        { new IOException("No space left on device"), "No space left on device" },
        // libtorch puts a native stack below its first line.
        { new InvalidOperationException("a bug\nException raised from somewhere.cpp"), "unexpected InvalidOperationException: a bug" },
        {
            new TypeInitializationException("Some.Native", new DllNotFoundException("Unable to load shared library 'x.so'")),
            "a native library does not load: Unable to load shared library 'x.so'; `inmars doctor` says what is missing and what mends it"
        },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void Every_exception_is_one_sentence(Exception exception, string sentence) =>
        Assert.Equal((1, sentence), Failure.Of(exception, CancellationToken.None));

    [Fact]
    public void A_cancellation_is_an_interrupt_only_if_there_was_one()
    {
        Assert.Equal((130, "interrupted"), Failure.Of(new OperationCanceledException(), new CancellationToken(canceled: true)));
        Assert.Equal(1, Failure.Of(new OperationCanceledException(), CancellationToken.None).Code);
    }
}
